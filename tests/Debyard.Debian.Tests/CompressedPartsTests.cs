using System.Text;
using Debyard.Debian.Compression;

namespace Debyard.Debian.Tests;

public sealed class CompressedPartsTests
{
    static readonly byte[][] parts =
    [
        .. Enumerable
            .Range(1, 5)
            .Select(number => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"part {number}\n", number * 100)))),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Joined_xz_blocks_are_one_file_for_xz_and_can_be_split_again(int count)
    {
        using var folder = new TemporaryFolder();
        var blocks = parts[..count].Select(part => XzBlock.Compress(part)).ToList();
        using var file = new MemoryStream();
        XzBlock.Write(blocks, file);
        File.WriteAllBytes(folder["parts.xz"], file.ToArray());

        Assert.Equal(string.Concat(parts[..count].Select(Encoding.UTF8.GetString)), await Tool.RunAsync("xz", "-dc", folder["parts.xz"]));

        using var again = new MemoryStream();
        var split = XzBlock.Split(file.ToArray());
        XzBlock.Write([.. split], again);
        Assert.Equal(file.ToArray(), again.ToArray());
        Assert.Equal(parts[..count].Select(part => (long)part.Length), split.Select(block => block.UncompressedSize));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Joined_gzip_members_are_one_file_for_gzip_and_can_be_split_again(int count)
    {
        using var folder = new TemporaryFolder();
        var members = parts[..count].Select(part => GZipMembers.Compress(part)).ToList();
        using var file = new MemoryStream();
        GZipMembers.Write(members, file);
        File.WriteAllBytes(folder["parts.gz"], file.ToArray());

        Assert.Equal(string.Concat(parts[..count].Select(Encoding.UTF8.GetString)), await Tool.RunAsync("gzip", "-dc", folder["parts.gz"]));
        if (count > 0)
            Assert.Equal(members, GZipMembers.Split(file.ToArray(), parts[..count]));
        Assert.Null(GZipMembers.Split(file.ToArray(), [.. parts[..count], "other"u8.ToArray()]));
    }

    [Fact]
    public void A_damaged_xz_file_cannot_be_split()
    {
        using var file = new MemoryStream();
        XzBlock.Write([XzBlock.Compress(parts[0]), XzBlock.Compress(parts[1])], file);

        for (var length = 0; length < file.Length; length += 7)
            Assert.Throws<DebianFormatException>(() => XzBlock.Split(file.ToArray().AsMemory(0, length)));
    }
}
