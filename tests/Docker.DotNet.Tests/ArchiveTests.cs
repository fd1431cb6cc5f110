using System.Formats.Tar;
using System.Text;

namespace Docker.DotNet.Tests;

[Collection(nameof(Engine))]
public sealed class ArchiveTests(EngineFixture engine)
{
    readonly IContainerOperations containers = engine.Client.Containers;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_goes_in_comes_out_of_a_container_that_never_ran(bool lengthIsKnown)
    {
        var id = await engine.CreateAsync("true");
        using var tar = Tar(("in/a.txt", "ä\n"), ("in/b/c.txt", new string('c', 300_000)));
        Stream upload = lengthIsKnown ? tar : new Unseekable(tar);
        await containers.ExtractArchiveToContainerAsync(id, new() { Path = "/" }, upload);

        var archive = await containers.GetArchiveFromContainerAsync(id, new() { Path = "/in" }, statOnly: false);
        var files = await ReadAsync(archive.Stream);
        Assert.Equal("ä\n", files["in/a.txt"]);
        Assert.Equal(new string('c', 300_000), files["in/b/c.txt"]);
        Assert.Equal("in", archive.Stat.Name);
    }

    [Fact]
    public async Task A_file_has_its_name_size_mode_and_time_without_its_content()
    {
        var id = await engine.CreateAsync("true");
        var archive = await containers.GetArchiveFromContainerAsync(id, new() { Path = "/bin/bash" }, statOnly: true);
        Assert.Null(archive.Stream);
        Assert.Equal("bash", archive.Stat.Name);
        Assert.Equal(new FileInfo("/bin/bash").Length, archive.Stat.Size);
        Assert.Equal(0b111_101_101u, archive.Stat.Mode);
        Assert.InRange(archive.Stat.Mtime, DateTime.UtcNow.AddDays(-1), DateTime.UtcNow.AddDays(1));
    }

    [Fact]
    public async Task A_missing_path_is_reported_as_a_missing_container()
    {
        var id = await engine.CreateAsync("true");
        var missing = await Assert.ThrowsAsync<DockerContainerNotFoundException>(() =>
            containers.GetArchiveFromContainerAsync(id, new() { Path = "/missing" }, statOnly: false)
        );
        Assert.Contains("/missing", missing.ResponseBody, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DockerContainerNotFoundException>(() =>
            containers.ExtractArchiveToContainerAsync(id, new() { Path = "/missing" }, Tar(("a", "a")))
        );
    }

    [Fact]
    public async Task A_path_is_required() =>
        await Assert.ThrowsAsync<ArgumentException>(() => containers.GetArchiveFromContainerAsync("any", new(), statOnly: true));

    [Fact]
    public async Task An_archive_that_is_not_read_to_its_end_can_be_let_go()
    {
        var id = await engine.CreateAsync("true");
        var archive = await containers.GetArchiveFromContainerAsync(id, new() { Path = "/bin" }, statOnly: false);
        await archive.Stream.ReadExactlyAsync(new byte[512]);
        await archive.Stream.DisposeAsync();
        await containers.RemoveContainerAsync(id, new());
    }

    [Fact]
    public async Task A_read_of_no_bytes_counts_as_a_cut_connection()
    {
        var id = await engine.CreateAsync("true");
        var archive = await containers.GetArchiveFromContainerAsync(id, new() { Path = "/bin" }, statOnly: false);
        await using var stream = archive.Stream;
        await Assert.ThrowsAsync<EndOfStreamException>(() => stream.ReadAsync(Memory<byte>.Empty).AsTask());
    }

    static MemoryStream Tar(params (string Name, string Content)[] files)
    {
        var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            foreach (var (name, content) in files)
                writer.WriteEntry(
                    new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) }
                );
        }
        tar.Position = 0;
        return tar;
    }

    static async Task<Dictionary<string, string>> ReadAsync(Stream stream)
    {
        var files = new Dictionary<string, string>();
        await using var reader = new TarReader(new BufferedStream(stream));
        while (await reader.GetNextEntryAsync() is { } entry)
        {
            if (entry.DataStream is { } data)
                files[entry.Name] = await new StreamReader(data).ReadToEndAsync();
        }
        return files;
    }

    sealed class Unseekable(Stream inner) : MemoryStream
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer, cancellationToken);

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            inner.CopyToAsync(destination, bufferSize, cancellationToken);
    }
}
