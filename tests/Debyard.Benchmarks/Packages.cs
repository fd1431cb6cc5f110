using System.Globalization;
using System.Text;
using Debyard.Debian.Control;
using Debyard.Debian.Packages;

namespace Debyard.Benchmarks;

/// <summary>Creates small packages with different names and keeps them in a folder for later runs.</summary>
sealed class Packages(string folder)
{
    public async Task<IReadOnlyList<string>> MakeAsync(int count)
    {
        Directory.CreateDirectory(folder);
        var paths = Enumerable
            .Range(0, count)
            .Select(number => (Number: number, Path: Path.Combine(folder, $"package-{number:00000}_1.{number % 10}_amd64.deb")))
            .ToList();
        await Parallel.ForEachAsync(
            paths.Where(package => !File.Exists(package.Path)),
            async (package, cancellation) =>
                await WriteAsync(
                    package.Path,
                    $"package-{package.Number:00000}",
                    $"1.{package.Number % 10}",
                    Content(package.Number),
                    cancellation
                )
        );
        return [.. paths.Select(package => package.Path)];
    }

    /// <summary>Creates one more package, with content that no earlier run had.</summary>
    public async Task<string> MakeNewAsync(int number)
    {
        var version = string.Create(CultureInfo.InvariantCulture, $"2.{DateTime.UtcNow.Ticks}.{number}");
        var path = Path.Combine(
            Directory.CreateDirectory(Path.Combine(folder, "new")).FullName,
            $"package-{number:00000}_{version}_amd64.deb"
        );
        await WriteAsync(path, $"package-{number:00000}", version, Content(number), default);
        return path;
    }

    /// <summary>Creates a package with this many megabytes of incompressible content; round 0 creates one of 1 MB.</summary>
    public static async Task<string> MakeBigAsync(string folder, int round, int megabytes)
    {
        var content = new byte[(round == 0 ? 1 : megabytes) * 1024 * 1024];
        new Random(round).NextBytes(content);
        var control = Stanza.Parse(
            $"Package: big{round}\nVersion: 1\nArchitecture: amd64\nMaintainer: Debyard <debyard@example.org>\n"
                + "Description: a package to measure with\n"
        );
        var path = Path.Combine(folder, $"big{round}_1_amd64.deb");
        await using var file = File.Create(path);
        await new DebWriter(control, DateTimeOffset.UnixEpoch)
        {
            Entries = [new DebFileEntry($"/opt/big{round}", () => new MemoryStream(content), DebFileEntry.Plain)],
        }.WriteAsync(file);
        return path;
    }

    static async Task WriteAsync(string path, string name, string version, string content, CancellationToken cancellation)
    {
        // About 800 bytes, the usual length of a stanza in Debian.
        var control = Stanza.Parse(
            $"""
            Package: {name}
            Version: {version}
            Architecture: amd64
            Maintainer: Debyard <debyard@example.org>
            Depends: libc6 (>= 2.36), libstdc++6 (>= 12), {name}-data (= {version})
            Section: utils
            Priority: optional
            Homepage: https://example.org/{name}
            Description: a package to measure with
             {content[..70]}
             {content[70..140]}
             {content[140..210]}

            """
        );
        var writer = new DebWriter(control, DateTimeOffset.UnixEpoch)
        {
            Entries =
            [
                new DebFileEntry($"/opt/{name}/content", () => new MemoryStream(Encoding.ASCII.GetBytes(content)), DebFileEntry.Plain),
            ],
        };
        var unfinished = path + ".unfinished";
        await using (var file = File.Create(unfinished))
            await writer.WriteAsync(file, cancellation);
        File.Move(unfinished, path, overwrite: true);
    }

    // Random bytes, the same in every run.
    static string Content(int number)
    {
        var random = new Random(number);
        return new string([.. Enumerable.Range(0, 300).Select(_ => (char)random.Next('a', 'z' + 1))]);
    }
}
