using System.Security.Cryptography;
using Debyard.Debian.Digests;

namespace Debyard.Debian.Tests;

public sealed class DigestTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(DigestingStream.BlockSize - 1)]
    [InlineData(DigestingStream.BlockSize)]
    [InlineData(DigestingStream.BlockSize + 1)]
    [InlineData(5 * DigestingStream.BlockSize + 12345)]
    public async Task All_three_digests_are_computed_while_writing(int size)
    {
        var content = Content(size);
        var expected = Expected(content);
        var inner = new MemoryStream();
        await using var digesting = new DigestingStream(inner);

        await new OneWayStream(content).CopyToAsync(digesting);

        Assert.Equal(expected, await digesting.CompleteAsync());
        Assert.Equal(expected, digesting.Digests);
        Assert.Equal(content, inner.ToArray());
        Assert.Equal(expected, await FileDigests.ComputeAsync(new MemoryStream(content)));
    }

    [Fact]
    public async Task The_size_of_writes_and_flushes_do_not_matter()
    {
        var content = Content(3 * DigestingStream.BlockSize);
        var inner = new MemoryStream();
        await using var digesting = new DigestingStream(inner);
        for (var (at, portion) = (0, 1); at < content.Length; at += portion, portion = portion * 3 + 1)
        {
            digesting.Write(content.AsSpan(at, Math.Min(portion, content.Length - at)));
            digesting.Flush();
        }

        Assert.Equal(Expected(content), await digesting.CompleteAsync());
        Assert.Equal(content, inner.ToArray());
    }

    [Fact]
    public async Task Digests_are_unavailable_before_completion_and_writes_fail_after_it()
    {
        await using var digesting = new DigestingStream(Stream.Null);
        Assert.Throws<InvalidOperationException>(() => digesting.Digests);
        await digesting.CompleteAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await digesting.WriteAsync(new byte[1]));
    }

    [Fact]
    public async Task A_failed_write_is_reported_and_leaves_no_digests()
    {
        using var full = new MemoryStream(new byte[DigestingStream.BlockSize]);
        await using var digesting = new DigestingStream(full);

        await Assert.ThrowsAsync<NotSupportedException>(async () =>
        {
            await digesting.WriteAsync(Content(4 * DigestingStream.BlockSize));
            await digesting.CompleteAsync();
        });

        await Assert.ThrowsAsync<NotSupportedException>(() => digesting.CompleteAsync());
    }

    static byte[] Content(int size)
    {
        var content = new byte[size];
        new Random(size).NextBytes(content);
        return content;
    }

    static FileDigests Expected(byte[] content) =>
        new(
            content.Length,
            Hex(HashAlgorithmName.MD5, content),
            Hex(HashAlgorithmName.SHA1, content),
            Names.Sha256.Parse(Hex(HashAlgorithmName.SHA256, content))
        );

    static string Hex(HashAlgorithmName algorithm, byte[] content) =>
        Convert.ToHexStringLower(CryptographicOperations.HashData(algorithm, content));
}
