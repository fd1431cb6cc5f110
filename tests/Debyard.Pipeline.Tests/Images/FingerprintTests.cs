namespace Debyard.Pipeline.Tests.Images;

/// <summary>Reusing what should have been rebuilt is the one unforgivable fault; rebuilding for nothing is the daily nuisance.</summary>
public class FingerprintTests
{
    public static TheoryData<string, string, string> Inputs =>
        new()
        {
            // What is changed, to what, and what must be built again.
            {
                "zip/source/zip.c",
                "int main() { return 1; }\n",
                "player-zip/amd64 player-zip/arm64 player-codec/amd64 player-codec/arm64 player/all"
            },
            { "zip/source/new.c", "", "player-zip/amd64 player-zip/arm64 player-codec/amd64 player-codec/arm64 player/all" },
            { "codec/Dockerfile", "ARG TOOLCHAIN\nFROM ${TOOLCHAIN}\nARG VERSION\n", "player-codec/amd64 player-codec/arm64 player/all" },
            {
                "gcc/Dockerfile",
                "ARG BASE\nFROM ${BASE}\nARG PACKAGES\nRUN false ${PACKAGES}\n",
                "gcc-amd64 gcc-arm64 player-zip/amd64 player-zip/arm64 player-codec/amd64 player-codec/arm64 player/all"
            },
            { "player/player.conf", "port = {port} # another\n", "player/all" },
            {
                "debyard.yml",
                Workspace.Manifest.Replace("version: 1.3-1", "version: 1.3-2", StringComparison.Ordinal),
                "player-zip/amd64 player-zip/arm64 player-codec/amd64 player-codec/arm64 player/all"
            },
            {
                "debyard.yml",
                Workspace.Manifest.Replace("PACKAGES: gcc }", "PACKAGES: clang }", StringComparison.Ordinal),
                "gcc-amd64 player-zip/amd64 player-codec/amd64 player/all"
            },
            {
                "debyard.yml",
                Workspace.Manifest.Replace("bootstrap: bookworm", "bootstrap: trixie", StringComparison.Ordinal),
                "bookworm gcc-amd64 gcc-arm64 player-zip/amd64 player-zip/arm64 player-codec/amd64 player-codec/arm64 player/all"
            },
        };

    [Theory]
    [MemberData(nameof(Inputs))]
    public void A_changed_input_changes_the_fingerprint_of_all_that_is_made_of_it_and_of_nothing_else(
        string file,
        string content,
        string rebuilt
    )
    {
        using var workspace = new Workspace();
        var before = Fingerprints(workspace);

        workspace.Write(file, content);

        var after = Fingerprints(workspace);
        Assert.Equal(rebuilt.Split(' ').Order(), before.Keys.Where(id => before[id] != after[id]).Order());
    }

    /// <summary>What only decides the packing builds no image again; what depends on the package is packed again.</summary>
    [Theory]
    [InlineData("depends: [ liba ]", "player-zip/amd64 player-zip/arm64 player-codec/amd64 player-codec/arm64 player/all")]
    [InlineData("copyright: zip/licence", "player-zip/amd64 player-zip/arm64 player-codec/amd64 player-codec/arm64 player/all")]
    [InlineData("  depends:   [   libb ]  ", "")]
    public void A_changed_section_pack_changes_the_artifacts_and_no_image(string pack, string packed)
    {
        using var workspace = new Workspace();
        void Pack(string section) =>
            workspace.Write(
                "debyard.yml",
                Workspace.Manifest.Replace("context: zip }", $"context: zip, pack: {{ {section} }} }}", StringComparison.Ordinal)
            );
        workspace.Write("zip/licence", "MIT\n");
        Pack("depends: [ libb ]");
        var before = Fingerprints(workspace);
        var images = workspace.Graph().Images.Select(image => image.Reference).ToList();

        Pack(pack);

        var after = Fingerprints(workspace);
        Assert.Equal(
            packed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(),
            before.Keys.Where(id => before[id] != after[id]).Order()
        );
        Assert.Equal(
            images.Where(image => !image.Contains("/player:", StringComparison.Ordinal)),
            workspace.Graph().Images.Select(image => image.Reference).Where(image => !image.Contains("/player:", StringComparison.Ordinal))
        );
    }

    const string ZipAndAbove = "player-zip/amd64 player-zip/arm64 player-codec/amd64 player-codec/arm64 player/all";

    public static TheoryData<string, Action<Workspace>, string> Edits =>
        new()
        {
            { "a file that is gone", workspace => File.Delete(Place(workspace, "zip/source/zip.c")), ZipAndAbove },
            {
                "a file of another name",
                workspace => File.Move(Place(workspace, "zip/source/zip.c"), Place(workspace, "zip/source/gzip.c")),
                ZipAndAbove
            },
            { "a link instead of a file", workspace => Link(workspace, "zip/source/zip.c", "other.c"), ZipAndAbove },
            { "a link to somewhere else", workspace => Link(workspace, "zip/link", "Dockerfile"), ZipAndAbove },
            {
                "what is ignored",
                workspace => workspace.Write("codec/.dockerignore", "*\n"),
                "player-codec/amd64 player-codec/arm64 player/all"
            },
            {
                "an executable file",
                workspace => File.SetUnixFileMode(Place(workspace, "zip/source/zip.c"), (UnixFileMode)0b111_100_100),
                ZipAndAbove
            },
            { "the version of the package", Manifest("version: 0.9", "version: 1.0"), "player/all" },
            {
                "an architecture's triplet",
                Manifest("triplet: aarch64-linux-gnu", "triplet: aarch64-linux-gnuabi"),
                "player-zip/arm64 player-codec/arm64"
            },
            {
                "an architecture's toolchain",
                Manifest("aarch64-linux-gnu, toolchain: gcc-arm64", "aarch64-linux-gnu, toolchain: gcc-amd64"),
                "player-zip/arm64 player-codec/arm64"
            },
            {
                "where a base comes from",
                Manifest("bookworm: { bootstrap: bookworm }", "bookworm: { pull: debian }"),
                $"bookworm gcc-amd64 gcc-arm64 {ZipAndAbove}"
            },
            {
                "packages of a base",
                Manifest("bootstrap: bookworm }", "bootstrap: bookworm, packages: [make] }"),
                $"bookworm gcc-amd64 gcc-arm64 {ZipAndAbove}"
            },
            {
                "the mirror of a base",
                Manifest("bootstrap: bookworm }", "bootstrap: bookworm, mirror: http://mirror.example }"),
                $"bookworm gcc-amd64 gcc-arm64 {ZipAndAbove}"
            },
        };

    [Theory]
    [MemberData(nameof(Edits))]
    public void Each_kind_of_input_is_seen(string what, Action<Workspace> edit, string rebuilt)
    {
        using var workspace = new Workspace();
        workspace.Write("codec/README.md", "x");
        workspace.Write("zip/Dockerfile", File.ReadAllText(Place(workspace, "zip/Dockerfile")) + "ARG TRIPLET\n");
        Link(workspace, "zip/link", "source");
        var before = Fingerprints(workspace);

        edit(workspace);

        var after = Fingerprints(workspace);
        Assert.True(
            rebuilt.Split(' ').Order().SequenceEqual(after.Keys.Where(id => before.GetValueOrDefault(id) != after[id]).Order()),
            $"{what}: {string.Join(' ', after.Keys.Where(id => before.GetValueOrDefault(id) != after[id]))}"
        );
    }

    [Fact]
    public void Another_image_of_the_same_name_is_another_supplied_toolchain()
    {
        using var workspace = new Workspace(
            Workspace
                .Manifest.Replace("strategy: cross", "strategy: supplied", StringComparison.Ordinal)
                .Replace(
                    "gcc-arm64: { context: gcc, base: bookworm, args: { PACKAGES: gcc-aarch64-linux-gnu } }",
                    "gcc-arm64: { image: compiler }",
                    StringComparison.Ordinal
                )
        );

        string Fingerprint(string id) =>
            workspace.Graph(imageId: _ => id).Images.Single(image => image.Id == "player-zip/arm64").Fingerprint.Value;

        Assert.Equal(Fingerprint("sha256:1"), Fingerprint("sha256:1"));
        Assert.NotEqual(Fingerprint("sha256:1"), Fingerprint("sha256:2"));
    }

    [Fact]
    public void The_order_in_which_files_came_about_does_not_count()
    {
        string[] names = ["b", "a", "d", "c", "f", "e"];
        using var here = new Workspace();
        using var there = new Workspace();
        foreach (var (one, other) in names.Zip(names.Reverse()))
        {
            here.Write($"zip/source/{one}", one);
            there.Write($"zip/source/{other}", other);
        }

        Assert.Equal(Fingerprints(here).Order(new ByKey()), Fingerprints(there).Order(new ByKey()));
    }

    static string Place(Workspace workspace, string path) => Path.Combine(workspace.Path, path);

    static void Link(Workspace workspace, string path, string target)
    {
        File.Delete(Place(workspace, path));
        File.CreateSymbolicLink(Place(workspace, path), target);
    }

    static Action<Workspace> Manifest(string old, string @new) =>
        workspace =>
        {
            Assert.Contains(old, Workspace.Manifest, StringComparison.Ordinal);
            workspace.Write("debyard.yml", Workspace.Manifest.Replace(old, @new, StringComparison.Ordinal));
        };

    public static TheoryData<string, Action<Workspace>> NonInputs =>
        new()
        {
            { "times", workspace => File.SetLastWriteTimeUtc(Path.Combine(workspace.Path, "zip/source/zip.c"), DateTime.UnixEpoch) },
            { "a file no image sees", workspace => workspace.Write("notes.txt", "x") },
            { "an ignored file", workspace => workspace.Write("codec/README.md", "x") },
            { "a file in an ignored folder", workspace => workspace.Write("codec/docs/deep/README.md", "x") },
            { "an empty folder", workspace => Directory.CreateDirectory(Place(workspace, "zip/empty")) },
            {
                "an argument no Dockerfile takes",
                workspace =>
                    workspace.Write(
                        "debyard.yml",
                        Workspace.Manifest.Replace("triplet: x86_64-linux-gnu", "triplet: x86_64-linux-gnux", StringComparison.Ordinal)
                    )
            },
            {
                "the order in the manifest",
                workspace =>
                    workspace.Write(
                        "debyard.yml",
                        Workspace
                            .Manifest.Replace("  player-zip: { version: 1.3-1, context: zip }\n", "", StringComparison.Ordinal)
                            .Replace(
                                "dependencies:\n",
                                "dependencies:\n  player-zip: { version: 1.3-1, context: zip }\n",
                                StringComparison.Ordinal
                            )
                    )
            },
            {
                "group's permissions",
                workspace => File.SetUnixFileMode(Path.Combine(workspace.Path, "zip/source/zip.c"), (UnixFileMode)0b110_110_100)
            },
            { "a comment in the manifest", workspace => workspace.Write("debyard.yml", "# a comment\n" + Workspace.Manifest) },
            {
                "what is checked",
                workspace =>
                    workspace.Write("debyard.yml", Workspace.Manifest.Replace("contains: hello", "contains: bye", StringComparison.Ordinal))
            },
        };

    [Theory]
    [MemberData(nameof(NonInputs))]
    public void What_is_no_input_changes_no_fingerprint(string what, Action<Workspace> change)
    {
        using var workspace = new Workspace();
        workspace.Write("codec/.dockerignore", ".dockerignore\nREADME.md\ndocs\n");
        var before = Fingerprints(workspace);

        change(workspace);

        Assert.True(before.OrderBy(image => image.Key).SequenceEqual(Fingerprints(workspace).OrderBy(image => image.Key)), what);
    }

    [Fact]
    public void The_place_of_the_checkout_does_not_count()
    {
        using var here = new Workspace();
        using var there = new Workspace();

        Assert.Equal(Fingerprints(here).Order(new ByKey()), Fingerprints(there).Order(new ByKey()));
    }

    [Fact]
    public void An_executable_file_is_another_input_than_the_same_file_that_is_not()
    {
        using var workspace = new Workspace();
        var before = workspace.Image("player-zip/amd64").Fingerprint.Value;

        File.SetUnixFileMode(Path.Combine(workspace.Path, "zip/source/zip.c"), (UnixFileMode)0b111_100_100);

        Assert.NotEqual(before, workspace.Image("player-zip/amd64").Fingerprint.Value);
    }

    [Theory]
    [InlineData("zip/source/zip.c", "x", "zip/source/zip.c changed")]
    [InlineData("zip/source/new.c", "x", "zip/source/new.c is new")]
    [InlineData(
        "zip/Dockerfile",
        "ARG TOOLCHAIN\nFROM ${TOOLCHAIN}\nARG VERSION\nARG ARCHITECTURE\nCOPY source /source\nRUN make all\n",
        "zip/Dockerfile:6 changed"
    )]
    [InlineData("gcc/Dockerfile", "ARG BASE\nFROM ${BASE}\nARG PACKAGES\n", "gcc-amd64 changed")]
    public void The_first_change_is_named(string file, string content, string change)
    {
        using var workspace = new Workspace();
        var before = workspace.Image("player-zip/amd64").Fingerprint;

        workspace.Write(file, content);

        Assert.Equal(change, workspace.Image("player-zip/amd64").Fingerprint.ChangedSince(before.Inputs));
    }

    static Dictionary<string, string> Fingerprints(Workspace workspace) =>
        workspace.Graph().Images.ToDictionary(image => image.Id, image => image.Fingerprint.Value);

    sealed class ByKey : IComparer<KeyValuePair<string, string>>
    {
        public int Compare(KeyValuePair<string, string> x, KeyValuePair<string, string> y) => string.CompareOrdinal(x.Key, y.Key);
    }
}
