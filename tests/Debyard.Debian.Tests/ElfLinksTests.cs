using Debyard.Debian.Binaries;

namespace Debyard.Debian.Tests;

/// <summary>Compares what is read with readelf(1) and with the options of the compiler.</summary>
public sealed class ElfLinksTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("")]
    [InlineData("-Wl,-z,separate-code")]
    [InlineData("-no-pie")]
    public void A_program_names_its_loader_and_its_libraries(string options)
    {
        Compile("libbase.so.1", "int base(void) { return 1; }", "-shared -Wl,-soname,libbase.so.1");
        var program = Compile(
            "program",
            "int base(void); double cos(double); int main(int c, char **v) { return base() + (int)cos(c); }",
            $"{options} {folder["libbase.so.1"]} -lm"
        );

        var links = ElfLinks.Read(File.ReadAllBytes(program));

        Assert.Equal(ReadElf("--program-headers", program, "program interpreter: "), [links.Interpreter!]);
        Assert.Equal(ReadElf("--dynamic", program, "Shared library: ["), links.Needed);
        Assert.Equal(["libbase.so.1", "libm.so.6", "libc.so.6"], links.Needed);
        Assert.Null(links.SoName);
    }

    [Fact]
    public void A_library_has_its_own_name_and_no_loader()
    {
        var links = ElfLinks.Read(
            File.ReadAllBytes(Compile("lib.so", "int f(void) { return 1; }", "-shared -nostdlib -Wl,-soname,libf.so.7"))
        );

        Assert.Equal("libf.so.7", links.SoName);
        Assert.Null(links.Interpreter);
        Assert.Empty(links.Needed);
    }

    [Theory]
    [InlineData("-static -nostdlib -nostartfiles", "void _start(void) { for (;;); }")]
    [InlineData("-c", "int f(void) { return 1; }")]
    public void A_file_without_dynamic_linking_needs_nothing(string options, string source)
    {
        var links = ElfLinks.Read(File.ReadAllBytes(Compile("plain", source, options)));

        Assert.Null(links.Interpreter);
        Assert.Empty(links.Needed);
    }

    [Fact]
    public void A_separate_debug_file_needs_nothing()
    {
        var program = Compile("program", "int main(void) { return 0; }", "-g");
        Tool.Run("objcopy", "--only-keep-debug", program, folder["program.debug"]);

        Assert.Empty(ElfLinks.Read(File.ReadAllBytes(folder["program.debug"])).Needed);
    }

    [Fact]
    public void Every_program_of_the_system_is_read_as_readelf_reads_it()
    {
        foreach (var program in Directory.EnumerateFiles("/usr/bin").Order(StringComparer.Ordinal).Where(IsElf).Take(40))
            Assert.Equal(ReadElf("--dynamic", program, "Shared library: ["), ElfLinks.Read(File.ReadAllBytes(program)).Needed);
    }

    [Fact]
    public void Symbol_versions_and_build_ids_are_those_that_readelf_shows()
    {
        foreach (var program in Directory.EnumerateFiles("/usr/bin").Order(StringComparer.Ordinal).Where(IsElf).Take(40))
        {
            var links = ElfLinks.Read(File.ReadAllBytes(program));
            var shown = ReadElf("--version-info", program, "  Name: ").Select(line => line.Split(' ')[0]).ToHashSet();

            // A program of Go may have its build id outside the segments that a debugger reads.
            if (links.BuildId is { } id)
                Assert.Equal(ReadElf("--notes", program, "Build ID: "), [id]);
            Assert.Equal(
                shown.Where(version => links.NeededVersions.Any(needed => needed.Version == version)).Order(),
                links.NeededVersions.Select(needed => needed.Version).Distinct().Order()
            );
            Assert.All(links.NeededVersions, needed => Assert.Contains(needed.Library, links.Needed));
            Assert.True(shown.Count == 0 || links.NeededVersions.Count > 0);
        }
        var compiled = Compile("compiled", "int main(void) { return 0; }", "-Wl,--build-id=sha1");
        Assert.Equal(ReadElf("--notes", compiled, "Build ID: "), [ElfLinks.Read(File.ReadAllBytes(compiled)).BuildId!]);
    }

    [Fact]
    public void A_truncated_file_is_reported_as_damaged()
    {
        var whole = File.ReadAllBytes(Compile("program", "int main(void) { return 0; }", ""));
        for (var length = Elf.HeaderSize; length < whole.Length; length += 97)
        {
            try
            {
                ElfLinks.Read(whole[..length]);
            }
            catch (DebianFormatException fault)
            {
                Assert.Contains("truncated", fault.Message, StringComparison.Ordinal);
            }
        }
        Assert.Throws<DebianFormatException>(() => ElfLinks.Read(whole[..64]));
        Assert.Throws<DebianFormatException>(() => ElfLinks.Read("#!/bin/sh\n"u8.ToArray()));
    }

    string Compile(string name, string source, string options)
    {
        var file = folder.Write($"{name}.c", source);
        Tool.Run("gcc", ["-o", folder[name], "-x", "c", file, "-x", "none", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        return folder[name];
    }

    static IEnumerable<string> ReadElf(string option, string file, string before) =>
        Tool.Run("readelf", "--wide", option, file)
            .Split('\n')
            .Where(line => line.Contains(before, StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(before, StringComparison.Ordinal) + before.Length)..].TrimEnd(']', ' '));

    static bool IsElf(string file)
    {
        using var stream = File.OpenRead(file);
        var start = new byte[Elf.HeaderSize];
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && Elf.TryRead(start, out _);
    }

    public void Dispose() => folder.Dispose();
}
