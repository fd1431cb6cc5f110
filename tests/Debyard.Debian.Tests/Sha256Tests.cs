using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Debyard.Debian.Names;

namespace Debyard.Debian.Tests;

public sealed class Sha256Tests
{
    const string Text = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void A_digest_has_the_text_that_sha256sum_prints()
    {
        var expected = Tool.RunWithInput("sha256sum", "hello\n")[..Sha256.TextLength];

        var digest = new Sha256(SHA256.HashData("hello\n"u8));

        Assert.Equal(expected, digest.ToString());
        Assert.Equal(expected, $"{digest}");
        Assert.Equal(digest, Sha256.Parse(expected));
        Assert.Equal(digest, Sha256.Parse(expected.ToUpperInvariant()));
    }

    [Fact]
    public void Its_bytes_and_its_text_can_be_written_to_a_span()
    {
        var digest = Sha256.Parse(Text);
        var (bytes, text, utf8) = (new byte[Sha256.Size], new char[Sha256.TextLength], new byte[Sha256.TextLength]);

        digest.CopyTo(bytes);
        Assert.True(digest.TryFormat(text, out var charsWritten));
        Assert.True(digest.TryFormat(utf8, out var bytesWritten));

        Assert.Equal(SHA256.HashData([]), bytes);
        Assert.Equal((Text, 64), (new string(text), charsWritten));
        Assert.Equal((Text, 64), (Encoding.ASCII.GetString(utf8), bytesWritten));
        Assert.False(digest.TryFormat(text.AsSpan(1), out _));
        Assert.False(digest.TryFormat(utf8.AsSpan(1), out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8555")]
    [InlineData("g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(" 3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("\u0663b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public void Text_that_is_not_a_digest_is_refused(string text)
    {
        Assert.False(Sha256.TryParse(text, out _));
        Assert.Contains($"'{text}'", Assert.Throws<DebianFormatException>(() => Sha256.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Digests_are_equal_and_ordered_as_their_texts()
    {
        var texts = Generated.Sample(Generated.Text("0f", 64, 64), 200).Distinct().ToList();
        // Digests that differ in one digit, in each of the four parts.
        texts.AddRange(new[] { 0, 20, 40, 63 }.Select(at => Text[..at] + "5" + Text[(at + 1)..]).Append(Text).Distinct());

        var digests = texts.Select(text => Sha256.Parse(text)).ToHashSet();

        Assert.Equal(texts.Distinct().Count(), digests.Count);
        Assert.All(texts, text => Assert.Contains(Sha256.Parse(text), digests));
        Assert.Equal(texts.Distinct().Order(StringComparer.Ordinal), digests.Order().Select(digest => digest.ToString()));
        Assert.True(Sha256.Parse(new string('0', 64)) < Sha256.Parse(Text) && Sha256.Parse(Text) >= Sha256.Parse(Text));
    }

    [Fact]
    public void It_takes_32_bytes() => Assert.Equal(Sha256.Size, Unsafe.SizeOf<Sha256>());
}
