using System.Formats.Tar;

namespace Debyard.Pipeline.Tests.Engine;

/// <summary>A tar with shells and four programs of this machine, and the libraries that <c>ldd</c> names.</summary>
static class SmallFileSystem
{
    static readonly string[] programs = ["/bin/bash", "/bin/sh", "/bin/cat", "/bin/sleep", "/bin/true", "/usr/bin/perl"];

    // Of the locale C.UTF-8, which commands run in: bash warns where it is missing.
    static readonly string[] locale = [.. Directory.GetFiles("/usr/lib/locale/C.utf8", "*", SearchOption.AllDirectories)];

    public static byte[] Tar()
    {
        var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "run/") { Mode = (UnixFileMode)0b111_101_101 });
            foreach (var file in programs.Concat(programs.SelectMany(Libraries)).Concat(locale).Distinct())
            {
                using var content = File.OpenRead(file); // the path itself may be a symbolic link
                writer.WriteEntry(
                    new PaxTarEntry(TarEntryType.RegularFile, file.TrimStart('/'))
                    {
                        Mode = (UnixFileMode)0b111_101_101,
                        DataStream = content,
                    }
                );
            }
        }
        return tar.ToArray();
    }

    static IEnumerable<string> Libraries(string program) =>
        Tool.Run("ldd", program)
            .Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.StartsWith('/'));
}
