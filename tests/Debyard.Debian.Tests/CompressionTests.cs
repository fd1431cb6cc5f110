using System.Diagnostics;
using Debyard.Debian.Compression;

namespace Debyard.Debian.Tests;

public sealed class CompressionTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    // Parts of it compress well and parts badly, and it is longer than any buffer.
    static readonly byte[] content =
    [
        .. Enumerable.Range(0, 700_000).Select(i => (byte)(i % 1000 < 500 ? i * 7919 >> (i % 13) : i / 1000)),
    ];

    [Theory]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    [InlineData("bzip2")]
    [InlineData("lzma")]
    public void Output_of_the_standard_tools_is_decompressed(string tool) => Assert.Equal(content, Read(tool, CompressedBy(tool)));

    [Theory]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    public void Streams_that_follow_one_another_are_read_as_one_as_the_tools_do(string tool) =>
        Assert.Equal([.. content, .. content], Read(tool, [.. CompressedBy(tool), .. CompressedBy(tool)]));

    [Fact]
    public void Only_the_first_bzip2_stream_is_read_as_dpkg_does() =>
        Assert.Equal(content, Read("bzip2", [.. CompressedBy("bzip2"), .. CompressedBy("bzip2")]));

    [Theory]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    [InlineData("bzip2")]
    [InlineData("lzma")]
    public async Task Asynchronous_reading_gives_the_same(string tool)
    {
        await using var stream = Open(tool, new OneWayStream(CompressedBy(tool)));
        var read = new MemoryStream();
        await stream.CopyToAsync(read);
        Assert.Equal(content, read.ToArray());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("xz")]
    public void The_standard_tools_decompress_our_output(string tool)
    {
        foreach (var part in new[] { content, [], content[..1] })
        {
            var compressed = new MemoryStream();
            using (var stream = tool == "xz" ? Xz.Compress(compressed) : GZip.Compress(compressed))
                stream.Write(part);
            File.WriteAllBytes(folder["x"], compressed.ToArray());
            Tool.Run("sh", "-c", $"{tool} -dc < '{folder["x"]}' > '{folder["y"]}'");
            Assert.Equal(part, File.ReadAllBytes(folder["y"]));
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    [InlineData("bzip2")]
    [InlineData("lzma")]
    public void Data_truncated_anywhere_is_refused(string tool)
    {
        var whole = CompressedBy(tool);
        foreach (var length in Enumerable.Range(0, 40).Concat([whole.Length / 2, .. Enumerable.Range(whole.Length - 40, 40)]))
        {
            if (Record.Exception(() => Read(tool, whole[..length])) is not DebianFormatException)
                Assert.Fail($"{length} of {whole.Length} bytes were accepted as complete.");
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    [InlineData("bzip2")]
    [InlineData("lzma")]
    public void Data_in_no_compressed_format_is_refused(string tool) =>
        Assert.Throws<DebianFormatException>(() => Read(tool, "Package: streamer\n"u8.ToArray()));

    [Fact]
    public async Task Asynchronous_writing_works_too()
    {
        var compressed = new MemoryStream();
        await using (var stream = Xz.Compress(compressed, preset: 1))
            await stream.WriteAsync(content);
        compressed.Position = 0;
        var read = new MemoryStream();
        await using (var stream = Xz.Decompress(compressed))
            await stream.CopyToAsync(read);
        Assert.Equal(content, read.ToArray());
    }

    [Theory]
    [Trait("Needs", "Time")]
    [InlineData("xz", "xz --lzma2=dict=512MiB", "256 MiB")]
    [InlineData("lzma", "xz --format=lzma --lzma1=dict=512MiB", "256 MiB")]
    [InlineData("zstd", "zstd --long=28", "128 MiB")]
    public void Data_that_needs_more_memory_than_any_package_is_refused(string tool, string command, string limit)
    {
        // The content must exceed the window, otherwise zstd declares a smaller one.
        Tool.Run("sh", "-c", $"(head -c 100000 /dev/urandom; head -c 300000000 /dev/zero) | {command} > '{folder["x"]}'");
        var fault = Assert.Throws<DebianFormatException>(() => Read(tool, File.ReadAllBytes(folder["x"])));
        Assert.Contains(limit, fault.Message, StringComparison.Ordinal);
    }

    byte[] CompressedBy(string tool)
    {
        File.WriteAllBytes(folder["content"], content);
        Tool.Run("sh", "-c", $"{tool} -c < '{folder["content"]}' > '{folder["compressed"]}'");
        return File.ReadAllBytes(folder["compressed"]);
    }

    static byte[] Read(string tool, byte[] compressed)
    {
        using var source = new OneWayStream(compressed);
        using var stream = Open(tool, source);
        var read = new MemoryStream();
        stream.CopyTo(read);
        return read.ToArray();
    }

    static Stream Open(string tool, Stream source) =>
        tool switch
        {
            "gzip" => GZip.Decompress(source),
            "xz" => Xz.Decompress(source),
            "zstd" => Zstandard.Decompress(source),
            "bzip2" => BZip2.Decompress(source),
            "lzma" => LegacyLzma.Decompress(source),
            _ => throw new UnreachableException(),
        };

    public void Dispose() => folder.Dispose();
}
