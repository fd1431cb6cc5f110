using System.Runtime.CompilerServices;
using Debyard.Debian.Control;
using Debyard.Debian.Uploads;

namespace Debyard.Debian.Tests;

/// <summary><c>golden/hello.changes</c> was written by dpkg-genchanges 1.21.</summary>
public sealed class ChangesTests
{
    const string Name = "hello_1.0~rc1+b-1_amd64.changes";

    static string Text { get; } = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "golden", "hello.changes"));

    [Fact]
    public void The_files_are_listed_with_all_digests_in_their_order()
    {
        var stanza = Stanza.Parse(Text);

        UploadRecordName.Parse(Name).Check(stanza);
        var files = ChangesFile.Parse(stanza).Files;

        Assert.Equal(["hello_1.0~rc1+b-1_amd64.buildinfo", "hello_1.0~rc1+b-1_amd64.deb"], files.Select(file => file.Name));
        Assert.Equal(
            new(
                712,
                "e53f5a52a86e8c1e595a7cfe9958216b",
                "a0fa1c5db6bb25c60dc0fca63e8be8076597facb",
                Names.Sha256.Parse("2388ac706a6aba68f726fb3445c725a9847a5fe670241d152821f8bcf4ef4a73")
            ),
            files[1].Digests
        );
    }

    [Theory]
    [InlineData("Format: 1.8", "Format: 2.0", "only 1.x")]
    [InlineData("Date:", "X-Date:", "no Date field")]
    [InlineData("Architecture: amd64\n", "", "no Architecture field")]
    [InlineData("Checksums-Sha256:", "X-Sha256:", "no Checksums-Sha256 field")]
    [InlineData("Files:", "X-Files:", "no Files field")]
    [InlineData(
        " e53f5a52a86e8c1e595a7cfe9958216b 712",
        " e53f5a52a86e8c1e595a7cfe9958216b -712",
        "is not 'MD5 size section priority name'"
    )]
    [InlineData(
        " e53f5a52a86e8c1e595a7cfe9958216b 712",
        " g53f5a52a86e8c1e595a7cfe9958216b 712",
        "is not 'MD5 size section priority name'"
    )]
    [InlineData(" e53f5a52a86e8c1e595a7cfe9958216b 712", " e53f5a52 712", "is not 'MD5 size section priority name'")]
    [InlineData(
        " e53f5a52a86e8c1e595a7cfe9958216b 712 misc",
        " e53f5a52a86e8c1e595a7cfe9958216b 712",
        "is not 'MD5 size section priority name'"
    )]
    [InlineData(
        " e53f5a52a86e8c1e595a7cfe9958216b 712",
        " e53f5a52a86e8c1e595a7cfe9958216b 713",
        "contradict each other about hello_1.0~rc1+b-1_amd64.deb"
    )]
    [InlineData("optional hello_1.0~rc1+b-1_amd64.deb", "optional other.deb", "contradict each other about other.deb")]
    [InlineData("optional hello_1.0~rc1+b-1_amd64.deb", "optional hello_1.0~rc1+b-1_amd64.buildinfo", "twice")]
    [InlineData("optional hello_1.0~rc1+b-1_amd64.deb", "optional ../hello.deb", "'../hello.deb', which is not a file name")]
    [InlineData("optional hello_1.0~rc1+b-1_amd64.deb", "optional .deb", "'.deb', which is not a file name")]
    public void Invalid_content_is_named(string part, string replacement, string reason)
    {
        Assert.Contains(part, Text, StringComparison.Ordinal);
        var stanza = Stanza.Parse(Text.Replace(part, replacement, StringComparison.Ordinal));

        var fault = Assert.Throws<DebianFormatException>(() => ChangesFile.Parse(stanza));

        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lua_5.4.6-1_amd64.changes", true)]
    [InlineData("lua_5.4.6-1+b1_amd64+arm64.changes", true)]
    [InlineData("lua_1_multi.buildinfo", true)]
    [InlineData("lua_5.4.6-1.changes", false)]
    [InlineData("lua_1:5.4.6-1_amd64.changes", false)]
    [InlineData("lua_5.4.6-1_amd64.deb", false)]
    [InlineData("lua_5.4.6-1_.changes", false)]
    [InlineData("../lua_5.4.6-1_amd64.changes", false)]
    [InlineData(".lua_5.4.6-1_amd64.changes", false)]
    [InlineData("lua_5.4.6-1/../1_amd64.changes", false)]
    [InlineData("lua_1_amd64.changes\n", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_name_is_as_dpkg_writes_it(string? text, bool isName)
    {
        Assert.Equal(isName, UploadRecordName.TryParse(text, out var name));
        if (isName)
            Assert.Equal(text, name.ToString());
    }

    [Fact]
    public void A_name_is_at_most_255_characters_long()
    {
        Assert.True(UploadRecordName.TryParse(OfLength(255), out _));
        Assert.False(UploadRecordName.TryParse(OfLength(256), out _));

        static string OfLength(int length) => new string('a', length - "_1_all.changes".Length) + "_1_all.changes";
    }

    [Theory]
    [InlineData("Source: lua (5.4.6-1)\nVersion: 1:5.4.6-1+b1\n", null)]
    [InlineData("Source: luajit\nVersion: 5.4.6-1+b1\n", "The content is of luajit 5.4.6-1+b1, but the name is of lua 5.4.6-1+b1")]
    [InlineData("Source: lua\nVersion: 5.4.6-1\n", "The content is of lua 5.4.6-1,")]
    [InlineData("Source: lua\n", "no Version field")]
    public void The_content_is_of_the_source_and_version_in_the_name(string content, string? reason)
    {
        var fault = Record.Exception(() => UploadRecordName.Parse("lua_5.4.6-1+b1_amd64.changes").Check(Stanza.Parse(content)));

        if (reason is null)
            Assert.Null(fault);
        else
            Assert.Contains(reason, Assert.IsType<DebianFormatException>(fault).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_gpg_signed_is_unwrapped()
    {
        var folder = Directory.CreateTempSubdirectory("debyard-test-");
        try
        {
            string[] gpg = ["--homedir", folder.FullName, "--batch", "--quiet", "--passphrase", ""];
            var text = Text + "- a line with a dash\n-----BEGIN PGP SIGNATURE-----\n";
            Tool.Run("gpg", [.. gpg, "--quick-generate-key", "debyard@example.org", "ed25519", "sign", "never"]);
            var signed = Tool.RunWithInput("gpg", text, [.. gpg, "--clearsign"]);

            Assert.StartsWith("-----BEGIN PGP SIGNED MESSAGE-----\n", signed, StringComparison.Ordinal);
            Assert.Equal(text, ClearSignedText.Unwrap(signed));
            Assert.Equal(text, ClearSignedText.Unwrap("\n" + signed.Replace("\n", "\r\n", StringComparison.Ordinal) + "\n"));
        }
        finally
        {
            Tool.Run("gpgconf", "--homedir", folder.FullName, "--kill", "all");
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Text_without_a_signature_stays_as_it_is() => Assert.Equal(Text, ClearSignedText.Unwrap(Text));

    [Theory]
    [InlineData("-----BEGIN PGP SIGNED MESSAGE-----\n", "no end")]
    [InlineData("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nA: 1\n", "no end")]
    [InlineData("-----BEGIN PGP SIGNED MESSAGE-----\n\nA: 1\n-----BEGIN PGP SIGNATURE-----\n\nabc\n", "no end")]
    [InlineData("-----BEGIN PGP SIGNED MESSAGE-----\nA: 1\n\nB: 2\n", "'A: 1'")]
    [InlineData(
        "-----BEGIN PGP SIGNED MESSAGE-----\n\nA: 1\n-----BEGIN PGP SIGNATURE-----\n-----END PGP SIGNATURE-----\nB: 2\n",
        "after the end"
    )]
    public void A_damaged_signature_is_refused(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<DebianFormatException>(() => ClearSignedText.Unwrap(text)).Message, StringComparison.Ordinal);

    static string Here([CallerFilePath] string path = "") => path;
}
