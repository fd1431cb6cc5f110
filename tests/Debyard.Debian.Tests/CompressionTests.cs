using System.Diagnostics;
using Debyard.Debian.Compression;
using Debyard.Tests;

namespace Debyard.Debian.Tests;

public sealed class CompressionTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    // Compresses well in places and badly in others, and is longer than any buffer.
    static readonly byte[] content =
    [
        .. Enumerable.Range(0, 700_000).Select(i => (byte)(i % 1000 < 500 ? i * 7919 >> (i % 13) : i / 1000)),
    ];

    [Theory]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    public void What_the_usual_tools_compress_is_read(string tool)
    {
        Assert.Equal(content, Read(tool, CompressedBy(tool)));
        // One after another they count as one, as the tools themselves have it.
        Assert.Equal([.. content, .. content], Read(tool, [.. CompressedBy(tool), .. CompressedBy(tool)]));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("xz")]
    public void What_is_compressed_here_the_usual_tools_read(string tool)
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
    public void Data_cut_short_anywhere_is_refused(string tool)
    {
        var whole = CompressedBy(tool);
        foreach (var length in Enumerable.Range(0, 40).Concat([whole.Length / 2, .. Enumerable.Range(whole.Length - 40, 40)]))
        {
            if (Record.Exception(() => Read(tool, whole[..length])) is not DebianFormatException)
                Assert.Fail($"{length} of {whole.Length} bytes were taken for whole.");
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    public void Other_data_is_refused(string tool) =>
        Assert.Throws<DebianFormatException>(() => Read(tool, "Package: streamer\n"u8.ToArray()));

    [Fact]
    public async Task Reading_and_writing_work_without_blocking_too()
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

    [Fact]
    public void Xz_data_that_wants_more_memory_than_any_package_is_refused()
    {
        Tool.Run("sh", "-c", $"head -c 100000 /dev/urandom | xz --lzma2=dict=512MiB > '{folder["x"]}'");
        var fault = Assert.Throws<DebianFormatException>(() => Read("xz", File.ReadAllBytes(folder["x"])));
        Assert.Contains("256 MiB", fault.Message, StringComparison.Ordinal);
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
        using var stream = tool switch
        {
            "gzip" => GZip.Decompress(source),
            "xz" => Xz.Decompress(source),
            "zstd" => Zstandard.Decompress(source),
            _ => throw new UnreachableException(),
        };
        var read = new MemoryStream();
        stream.CopyTo(read);
        return read.ToArray();
    }

    public void Dispose() => folder.Dispose();
}
