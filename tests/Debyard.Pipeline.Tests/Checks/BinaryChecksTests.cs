using Debyard.Debian.Control;
using Debyard.Debian.Names;
using Debyard.Debian.Packages;
using Debyard.Pipeline.Checks;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Tests.Checks;

/// <summary>A package whose binaries cannot run where it installs is found before anyone installs it. The binaries are gcc's.</summary>
public sealed class BinaryChecksTests : IDisposable
{
    static readonly BuildArchitecture amd64 = new(Architecture.Parse("amd64"), BuildStrategy.Native, "x86_64-linux-gnu", "gcc");
    static readonly BuildArchitecture musl64 = new(Architecture.Parse("musl64"), BuildStrategy.Cross, "x86_64-linux-musl", "musl");

    static readonly Provider libc = Installed("libc6", "", "/lib/x86_64-linux-gnu/libc.so.6", "/lib/x86_64-linux-gnu/libm.so.6");

    readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_binary_for_the_architecture_is_in_order()
    {
        var package = await PackAsync("amd64", "libc6", Program());

        Assert.Empty(BinaryChecks.Faults(package, amd64));
        Assert.Empty(new LibraryChecks([package.AsProvider()], [libc]).Faults(package));
    }

    [Theory]
    [InlineData("arm64", "is for arm64, but /usr/bin/player is a binary for x86-64")]
    [InlineData("armhf", "is for armhf, but /usr/bin/player is a binary for x86-64")]
    [InlineData("e2k", "is for e2k, but /usr/bin/player is a binary for x86-64")]
    [InlineData("all", "is for all architectures, but /usr/bin/player is a binary for x86-64")]
    public async Task A_binary_for_another_machine_is_named(string architecture, string fault)
    {
        var package = await PackAsync(architecture, "libc6", Program());

        Assert.StartsWith(
            $"player_1.0_{architecture}.deb {fault}",
            Assert.Single(BinaryChecks.Faults(package, null)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_hand_made_binary_for_elbrus_is_one_for_e2k()
    {
        var package = await PackAsync("e2k", "", HandMade(machine: 175));

        Assert.Empty(BinaryChecks.Faults(package, amd64 with { Name = Architecture.Parse("e2k"), Triplet = "e2k-linux-gnu" }));
    }

    [Fact]
    public async Task A_binary_of_a_machine_no_table_knows_is_let_pass()
    {
        Assert.Empty(BinaryChecks.Faults(await PackAsync("toaster", "", Program()), null));
    }

    [Fact]
    public async Task Glibc_in_a_musl_package_and_musl_in_a_glibc_package_are_named()
    {
        var glibc = await PackAsync("musl64", "", Program());
        var musl = await PackAsync("amd64", "", Program("-Wl,--dynamic-linker=/lib/ld-musl-x86_64.so.1"));

        Assert.Equal(
            "player_1.0_musl64.deb is for musl64 (x86_64-linux-musl), "
                + "but /usr/bin/player needs the loader /lib64/ld-linux-x86-64.so.2: link it with ${TRIPLET}-gcc.",
            Assert.Single(BinaryChecks.Faults(glibc, musl64))
        );
        Assert.Contains(
            "/usr/bin/player needs the loader /lib/ld-musl-x86_64.so.1",
            Assert.Single(BinaryChecks.Faults(musl, amd64)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_glibc_library_in_a_musl_package_is_named()
    {
        var package = await PackAsync("musl64", "", Program("-shared"));

        Assert.Contains(
            "/usr/bin/player needs glibc's libc.so.6",
            Assert.Single(BinaryChecks.Faults(package, musl64)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_library_of_a_package_that_is_not_depended_on_is_named_with_its_package()
    {
        var package = await PackAsync("amd64", "libc6", Program(Library("libzip.so.1")));
        var zip = Installed("player-zip", "libc6", "/opt/lib/libzip.so.1");

        Assert.Equal(
            "player_1.0_amd64.deb: /usr/bin/player needs libzip.so.1, which is in player-zip: add it to Depends.",
            Assert.Single(new LibraryChecks([package.AsProvider(), zip], [libc]).Faults(package))
        );
    }

    [Theory]
    [InlineData("libc6, player-zip (>= 1.0)")]
    [InlineData("libc6, player-codec")] // which depends on it
    [InlineData("libc6, virtual-zip")] // which it provides
    [InlineData("libc6, player-zip:any | something-else [amd64]")]
    public async Task A_library_is_found_in_all_that_is_depended_on(string depends)
    {
        var package = await PackAsync("amd64", depends, Program(Library("libzip.so.1")));
        var zip = Installed("player-zip", "libc6", "/opt/lib/libzip.so.1") with { Provides = ["virtual-zip"] };
        var codec = Installed("player-codec", "player-zip");

        Assert.Empty(new LibraryChecks([package.AsProvider(), zip, codec], [libc]).Faults(package));
    }

    [Fact]
    public async Task A_library_that_nothing_has_is_named()
    {
        var package = await PackAsync("amd64", "libc6", Program(Library("libghost.so.4")));

        Assert.Equal(
            "player_1.0_amd64.deb: /usr/bin/player needs libghost.so.4, which neither the package nor its dependencies contain.",
            Assert.Single(new LibraryChecks([package.AsProvider()], [libc]).Faults(package))
        );
    }

    [Fact]
    public async Task What_cannot_be_known_is_not_refused()
    {
        var package = await PackAsync("amd64", "libc6, libghost4", Program(Library("libghost.so.4")));

        Assert.Empty(new LibraryChecks([package.AsProvider()], [libc]).Faults(package));
        Assert.Empty(new LibraryChecks([package.AsProvider()], null).Faults(package));
    }

    [Fact]
    public async Task A_library_of_the_package_itself_needs_no_dependency()
    {
        var library = Library("libown.so.2");
        var package = await PackAsync("amd64", "libc6", Program(library), library);

        Assert.Empty(new LibraryChecks([package.AsProvider()], [libc]).Faults(package));
    }

    static Provider Installed(string name, string depends, params string[] files) =>
        Provider.Of(
            new Stanza(
                new Field("Package", name),
                new Field("Version", "1"),
                new Field("Architecture", "amd64"),
                new Field("Depends", depends)
            ),
            files
        );

    string Program(string options = "") => Compile("player", "int main(void) { return 0; }", $"-Wl,--no-as-needed {options}");

    string Library(string name) => Compile(name, "int library(void) { return 0; }", $"-shared -nostdlib -Wl,-soname,{name}");

    string Compile(string name, string source, string options)
    {
        var file = folder.Write($"{name}.c", source);
        Tool.Run("gcc", ["-o", folder[name], file, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        return folder[name];
    }

    /// <summary>The header of a 64-bit little-endian ELF file, and nothing it points to.</summary>
    string HandMade(byte machine)
    {
        var header = new byte[64];
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(header);
        (header[16], header[18], header[20], header[52]) = (2, machine, 1, 64);
        File.WriteAllBytes(folder["player"], header);
        return folder["player"];
    }

    async Task<PackageContent> PackAsync(string architecture, string depends, params string[] files)
    {
        var control = new Stanza(
            new Field("Package", "player"),
            new Field("Version", "1.0"),
            new Field("Architecture", architecture),
            new Field("Maintainer", "Player <player@example.org>"),
            new Field("Depends", depends),
            new Field("Description", "plays")
        );
        var deb = folder[$"player_{architecture}.deb"];
        await using (var output = File.Create(deb))
        {
            await new DebWriter(depends.Length > 0 ? control : control.Without("Depends"), DateTimeOffset.UnixEpoch)
            {
                Entries =
                [
                    .. files.Select(file => new DebFileEntry(
                        $"/usr/bin/{Path.GetFileName(file)}",
                        () => File.OpenRead(file),
                        DebFileEntry.Executable
                    )),
                ],
            }.WriteAsync(output);
        }
        return await PackageContent.ReadAsync(deb, CancellationToken.None);
    }

    public void Dispose() => folder.Dispose();
}
