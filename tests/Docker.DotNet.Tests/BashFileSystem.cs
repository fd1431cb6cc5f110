using System.Diagnostics;
using System.Formats.Tar;

namespace Docker.DotNet.Tests;

/// <summary>The smallest file system that runs: the machine's bash and the libraries <c>ldd</c> names, as a tar.</summary>
static class BashFileSystem
{
    public static Stream Tar()
    {
        var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            Add(writer, "/bin/bash", "bin/bash");
            foreach (var library in Libraries("/bin/bash"))
                Add(writer, library, library.TrimStart('/'));
        }
        tar.Position = 0;
        return tar;
    }

    static void Add(TarWriter writer, string file, string name)
    {
        using var content = File.OpenRead(file); // not the file itself: that could be a symbolic link
        writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { Mode = (UnixFileMode)0b111_101_101, DataStream = content });
    }

    static IEnumerable<string> Libraries(string program)
    {
        using var ldd = Process.Start(new ProcessStartInfo("ldd", [program]) { RedirectStandardOutput = true })!;
        var lines = ldd.StandardOutput.ReadToEnd();
        ldd.WaitForExit();
        return lines.Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.StartsWith('/')).Distinct();
    }
}
