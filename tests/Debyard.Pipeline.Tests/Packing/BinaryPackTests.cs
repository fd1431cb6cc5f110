using Debyard.Debian.Names;
using Debyard.Pipeline.Packing;

namespace Debyard.Pipeline.Tests.Packing;

/// <summary>Packages with binaries: dependencies by library, the file shlibs, debug symbols.</summary>
public sealed class BinaryPackTests : IDisposable
{
    const string Symbols = """
        libc.so.6 libc6 #MINVER#
        | libc6 (>> 2.36), libc6 (<< 2.37)
         GLIBC_2.2.5@GLIBC_2.2.5 2.2.5
         GLIBC_2.34@GLIBC_2.34 2.34
         GLIBC_PRIVATE@GLIBC_PRIVATE 0 1
         __libc_start_main@GLIBC_2.34 2.34

        """;

    readonly PackFolder folder = new();

    [Fact]
    public async Task Shlibs_depends_has_the_packages_of_the_libraries_and_the_oldest_version_that_works()
    {
        Library();
        Program("-lz -lown");
        var known = new KnownLibraries();
        known.AddSymbols("libz.so.1 zlib1g #MINVER#\n ZLIB_1.2.0@ZLIB_1.2.0 1:1.2.0\n");
        known.AddNeeded("libz 1 streamer-zlib (>= 1.2.13)\n");
        known.AddShlibs("libz 1 zlib1g (>= 1:1.2)\nlibc 6 libc6:amd64 (>= 2.36)\n");
        known.AddSymbols(Symbols);

        var deb = (await folder.PackAsync(Job(), known))[0];

        Assert.Equal("libc6 (>= 2.34), streamer-zlib (>= 1.2.13)\n", Tool.Run("dpkg-deb", "--field", deb, "Depends"));
        Assert.Equal("libown 3 streamer (>= 1.2)\n", Tool.Run("dpkg-deb", "--info", deb, "shlibs"));
    }

    [Fact]
    public async Task Without_symbols_the_version_of_the_file_shlibs_counts_and_a_libc_of_the_manifest_comes_first()
    {
        Program("");
        var known = new KnownLibraries();
        known.AddShlibs("libc 6 libc6:arm64 (>= 2.36)\n");

        var plain = (await folder.PackAsync(Job(), known))[0];
        var other = (await folder.PackAsync(Job() with { Libc = "streamer-musl" }, known))[0];

        Assert.Equal("libc6 (>= 2.36)\n", Tool.Run("dpkg-deb", "--field", plain, "Depends"));
        Assert.Equal("streamer-musl\n", Tool.Run("dpkg-deb", "--field", other, "Depends"));
    }

    [Fact]
    public async Task A_library_in_no_known_package_is_refused_by_name()
    {
        Program("");

        var unknown = await Assert.ThrowsAsync<PipelineException>(() => folder.PackAsync(Job(), new KnownLibraries()));
        var noImage = await Assert.ThrowsAsync<PipelineException>(() => folder.PackAsync(Job()));

        Assert.Contains("/opt/streamer/bin/program needs libc.so.6, which neither", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("needs the image that the binaries were built in", noImage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Debug_symbols_become_a_package_that_gdb_finds_by_build_id()
    {
        var id = Program("-g");
        var debug = Split(id);
        Assert.True(File.Exists(debug));

        var debs = await folder.PackAsync(Job("depends: [ libc6 ]"));

        Assert.Equal(["streamer_1.2-3_amd64.deb", "streamer-dbgsym_1.2-3_amd64.deb"], debs.Select(Path.GetFileName));
        Assert.DoesNotContain("/usr/lib/debug", Tool.Run("dpkg-deb", "--contents", debs[0]), StringComparison.Ordinal);
        var control = Tool.Run("dpkg-deb", "--field", debs[1]).Replace(id, "<build id>", StringComparison.Ordinal);
        // The size depends on the compiler.
        Golden.Equal(control.Split("Installed-Size")[0], "dbgsym.control");
        Assert.Contains(
            $"./usr/lib/debug/.build-id/{id[..2]}/{id[2..]}.debug",
            Tool.Run("dpkg-deb", "--contents", debs[1]),
            StringComparison.Ordinal
        );
        Tool.Run("lintian", ["--allow-root", "--fail-on", "error", "--suppress-tags", "dir-or-file-in-opt", .. debs]);
    }

    [Fact]
    public async Task Debug_symbols_of_another_binary_are_refused()
    {
        var id = Program("-g");
        File.Move(Split(id), folder[$"tree/usr/lib/debug/.build-id/{id[..2]}/{new string('0', 38)}.debug"]);

        var refused = await Assert.ThrowsAsync<PipelineException>(() => folder.PackAsync(Job("depends: [ libc6 ]")));

        Assert.Contains("has the symbols of no binary in the package", refused.Message, StringComparison.Ordinal);
    }

    PackJob Job(string pack = "depends: [ \"${shlibs:Depends}\" ]") =>
        folder.Job($"{PackFolder.Fields}\n{pack}") with
        {
            Architecture = Architecture.Parse("amd64"),
        };

    void Library()
    {
        var source = folder.Write("own.c", "int own(void) { return 1; }\n");
        folder.Write("tree/opt/streamer/lib/keep", "");
        Tool.Run("gcc", "-shared", "-fPIC", "-Wl,-soname,libown.so.3", "-o", folder["tree/opt/streamer/lib/libown.so.3"], source);
        File.CreateSymbolicLink(folder["tree/opt/streamer/lib/libown.so"], "libown.so.3");
        // A stub that only has the name: zlib's headers need not be here.
        Directory.CreateDirectory(folder["stub"]);
        Tool.Run(
            "gcc",
            "-shared",
            "-fPIC",
            "-Wl,-soname,libz.so.1",
            "-o",
            folder["stub/libz.so"],
            folder.Write("z.c", "int zlibVersion(void) { return 1; }\n")
        );
    }

    /// <summary>Compiles a program into the tree and returns its build id.</summary>
    string Program(string options)
    {
        var isLinked = options.Contains("-l", StringComparison.Ordinal);
        var source = folder.Write(
            "program.c",
            isLinked
                ? "int own(void); int zlibVersion(void); int main(void) { return own() + zlibVersion(); }\n"
                : "int main(int c, char **v) { return c; }\n"
        );
        folder.Write("tree/opt/streamer/bin/keep", "");
        var program = folder["tree/opt/streamer/bin/program"];
        Tool.Run(
            "gcc",
            [
                "-o",
                program,
                source,
                $"-L{folder["stub"]}",
                $"-L{folder["tree/opt/streamer/lib"]}",
                "-Wl,--build-id=sha1",
                .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            ]
        );
        var notes = Tool.Run("readelf", "--notes", program);
        return notes[(notes.IndexOf("Build ID: ", StringComparison.Ordinal) + 10)..].Split('\n')[0].Trim();
    }

    string Split(string id)
    {
        var debug = folder[$"tree/usr/lib/debug/.build-id/{id[..2]}/{id[2..]}.debug"];
        folder.Write($"tree/usr/lib/debug/.build-id/{id[..2]}/keep", "");
        File.Delete(folder[$"tree/usr/lib/debug/.build-id/{id[..2]}/keep"]);
        var program = folder["tree/opt/streamer/bin/program"];
        Tool.Run("objcopy", "--only-keep-debug", "--compress-debug-sections", program, debug);
        Tool.Run("strip", "--strip-unneeded", program);
        return debug;
    }

    public void Dispose() => folder.Dispose();
}
