using System.Text;
using Debyard.Debian.Control;
using Debyard.Debian.Digests;
using Debyard.Debian.Indexes;
using Debyard.Debian.Names;

namespace Debyard.Debian.Tests;

public sealed class IndexTests
{
    static readonly ReleaseFile release = new()
    {
        Origin = "Debyard",
        Label = "streamer master",
        Suite = "stable",
        Codename = "stable",
        Date = new DateTimeOffset(2025, 11, 1, 14, 5, 9, 900, TimeSpan.FromHours(2)),
        AcquireByHash = true,
        NoSupportForArchitectureAll = true,
        Architectures = [Architecture.All, Architecture.Parse("amd64"), Architecture.Parse("e2k")],
        Components = ["main"],
        Files =
        [
            new("main/binary-e2k/Packages", 0, Sha256.Parse("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")),
            new("main/binary-amd64/Packages.gz", 1234567, Sha256.Parse("5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef")),
            new("main/binary-amd64/Packages", 98765432, Sha256.Parse("2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae")),
        ],
    };

    static readonly ReleaseFile fullRelease = release with
    {
        Version = "12.1",
        Description = "every branch",
        Changelogs = "no",
        Snapshots = "no",
        SignedBy = ["F6ECB3762474EDA9D21B7022871920D1991BC93C", "B8B80B5B623EAB6AD8775C45B7C5D7D6350947F8"],
        ValidUntil = new DateTimeOffset(2025, 12, 3, 0, 0, 0, TimeSpan.Zero),
        IsNotAutomatic = true,
        IsButAutomaticUpgrades = true,
    };

    static readonly Stanza lua = Stanza.Parse(
        """
        Package: lua5.4
        Source: lua
        Version: 1:5.4.6-1
        Architecture: amd64
        Maintainer: Léa <lea@example.org>
        Installed-Size: 700
        Depends: libc6 (>= 2.34)
        Section: interpreters
        Priority: optional
        Multi-Arch: allowed
        Homepage: https://www.lua.org/
        Description: simple, extensible, embeddable programming language
         A paragraph.
         .
         Another.
        X-Build: 17
        Status: install ok installed
        Filename: /etc/passwd
        SHA512: 00
        """
    );

    static readonly FileDigests digests = new(
        12345,
        "d41d8cd98f00b204e9800998ecf8427e",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        Sha256.Parse("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    );

    [Fact]
    public void A_release_file_is_rendered() => Golden.Equal(release.Render(), "Release");

    [Fact]
    public void A_release_file_with_every_field_is_rendered() => Golden.Equal(fullRelease.Render(), "Release.full");

    [Fact]
    public void A_rendered_release_file_parses_to_the_same_content()
    {
        foreach (var written in new[] { release.Render(), fullRelease.Render() })
            Assert.Equal(written, ReleaseFile.Parse(written).Render());
        Assert.Equal(new DateTimeOffset(2025, 11, 1, 12, 5, 9, TimeSpan.Zero), ReleaseFile.Parse(release.Render()).Date);
    }

    [Theory]
    [InlineData("Origin: x\n", "Date")]
    [InlineData("Date: 2025-11-01\n", "2025-11-01")]
    [InlineData("Date: Sat, 01 Nov 2025 12:00:00 CET\n", "CET")]
    [InlineData("Date: Sat, 01 Nov 2025 12:00:00 UTC\nSHA256:\n 00 12 main/x\n", "00 12 main/x")]
    public void Text_that_is_not_a_release_file_is_refused(string text, string part) =>
        Assert.Contains(part, Assert.Throws<DebianFormatException>(() => ReleaseFile.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void No_value_can_inject_a_field_into_a_release_file() =>
        Assert.Throws<DebianFormatException>(() => (release with { Label = "x\nAcquire-By-Hash: no" }).Render());

    [Fact]
    public void An_index_does_not_depend_on_the_order_of_its_input()
    {
        Stanza[] entries =
        [
            PackagesIndex.Entry(lua, "pool/stable/main/e3b0c44298fc/lua5.4_5.4.6-1_amd64.deb", digests),
            Entry("streamer", "1.10"),
            Entry("streamer", "1.9"),
            Entry("streamer", "1.9~rc1"),
            Entry("lua-socket", "3.0"),
        ];

        using var output = new MemoryStream();
        PackagesIndex.Write(entries, output);
        using var writer = new StringWriter();
        PackagesIndex.Write(entries.Reverse(), writer);

        Golden.Equal(writer.ToString(), "Packages");
        Assert.Equal(writer.ToString(), Encoding.UTF8.GetString(output.ToArray()));
        Assert.Equal(5, Stanza.ParseAll(new StringReader(writer.ToString())).Count());
    }

    [Fact]
    public void Field_names_are_written_as_dpkg_scanpackages_writes_them_and_empty_fields_are_left_out()
    {
        var control = """
            package: ab
            VERSION: 1
            architecture: all
            maintainer: A <a@example.org>
            installed-size: 3
            MULTI-ARCH: foreign
            pre-depends: dpkg
            Provides:
            Suggests:
            Python-egg-NAME: ab
            x-foo--BAR: 1
            ruby-versions: all
            description: d

            """;
        using var folder = new TemporaryFolder();
        folder.Write("tree/DEBIAN/control", control);
        Tool.Run("dpkg-deb", "--build", folder["tree"], folder["ab.deb"]);
        var expected = Stanza.Parse(Tool.Run("dpkg-scanpackages", folder["ab.deb"]));

        var entry = PackagesIndex.Entry(Stanza.Parse(control), "ab.deb", digests);

        string[] Names(Stanza stanza) => [.. stanza.Select(field => field.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(Names(expected), Names(entry));
        Assert.Contains("X-Foo--Bar", Names(entry));
    }

    [Fact]
    public void Apt_reads_an_index_whose_package_has_empty_fields()
    {
        var control = Stanza.Parse("Package: ab\nVersion: 1\nArchitecture: all\nProvides:\nDepends:\nMulti-Arch:\nDescription: d\n");
        using var folder = new TemporaryFolder();
        using (var index = File.Create(folder["Packages"]))
            PackagesIndex.Write([PackagesIndex.Entry(control, "ab.deb", digests)], index);

        // apt parses its status file in the same way as an index.
        string[] options =
        [
            "Dir::Etc=/dev/null",
            $"Dir::State={folder["state"]}",
            $"Dir::State::Status={folder["Packages"]}",
            $"Dir::Cache={folder["cache"]}",
        ];
        Assert.Equal("ab\n", Tool.Run("apt-cache", [.. options.SelectMany(option => new[] { "-o", option }), "pkgnames"]));
    }

    [Fact]
    public void An_index_without_packages_is_empty()
    {
        using var output = new MemoryStream();
        PackagesIndex.Write([], output);
        Assert.Equal(0, output.Length);
    }

    [Fact]
    public void A_sources_file_contains_all_that_a_client_needs() =>
        Golden.Equal(
            SourcesFile.Render(
                new Uri("https://packages.example.org/master"),
                ["stable"],
                ["main", "contrib"],
                "-----BEGIN PGP PUBLIC KEY BLOCK-----\r\nComment: test\r\n\r\nmDMEZQ\r\n=abcd\r\n-----END PGP PUBLIC KEY BLOCK-----\r\n",
                [Architecture.Parse("amd64"), Architecture.Parse("arm64")]
            ),
            "debyard.sources"
        );

    [Fact]
    public void A_sources_file_without_a_public_key_is_refused() =>
        Assert.Throws<DebianFormatException>(() =>
            SourcesFile.Render(new Uri("http://localhost/"), ["stable"], ["main"], "-----BEGIN PGP PRIVATE KEY BLOCK-----\n")
        );

    static Stanza Entry(string name, string version) =>
        PackagesIndex.Entry(
            Stanza.Parse($"Package: {name}\nVersion: {version}\nArchitecture: all\nDescription: d\n"),
            $"pool/stable/main/0/{name}_{version}_all.deb",
            digests
        );
}
