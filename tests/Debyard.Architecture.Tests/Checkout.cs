using System.Runtime.CompilerServices;

namespace Debyard.Architecture.Tests;

/// <summary>The files of this repository as they are on disk, by their paths below its root; what a build writes is left out.</summary>
static class Checkout
{
    static readonly string[] written = ["output", ".git", "bin", "obj", ".nuke/temp", ".vs", ".idea"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<string> Files { get; } = [.. Below("").Order(StringComparer.Ordinal)];

    /// <summary>The files whose names end with one of <paramref name="endings"/>, below one of <paramref name="folders"/>.</summary>
    public static IEnumerable<string> Of(string[] folders, params string[] endings) =>
        Files.Where(file =>
            folders.Any(folder => file.StartsWith(folder, StringComparison.Ordinal))
            && endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal))
        );

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static bool Has(string path) => Path.Exists(Path.Combine(Root, path));

    static IEnumerable<string> Below(string folder) =>
        new DirectoryInfo(Path.Combine(Root, folder))
            .EnumerateFileSystemInfos()
            .Select(entry => (Entry: entry, Path: Path.Join(folder, entry.Name)))
            .Where(found => !written.Contains(found.Path) && !written.Contains(found.Entry.Name))
            .SelectMany(found => found.Entry is DirectoryInfo ? Below(found.Path) : [found.Path]);

    static string FindRoot([CallerFilePath] string thisFile = "")
    {
        var folder = Path.GetDirectoryName(thisFile)!;
        while (!File.Exists(Path.Combine(folder, "Debyard.slnx")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
