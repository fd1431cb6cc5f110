namespace Debyard.Pipeline.Packing;

/// <summary>The files beside the manifest that an entry of <c>contents</c> or another key names.</summary>
public static class PackSources
{
    /// <summary>
    /// The files and links, sorted, each with its path below the folder that the source fixes: for a pattern the part before the first
    /// wildcard, for a folder the folder itself, for a file its own folder. Empty folders are left out.
    /// </summary>
    public static IReadOnlyList<(string File, string Below)> Of(string directory, string source)
    {
        var glob = new Glob(source.TrimEnd('/'));
        var path = Path.Combine(directory, source);
        if (!glob.IsPattern && !Directory.Exists(path))
        {
            return File.Exists(path) ? [(path, Path.GetFileName(path))] : [];
        }
        var folder = glob.IsPattern ? Path.Combine(directory, glob.Folder) : path;
        return
        [
            .. Walk(folder, "")
                .Where(below => !glob.IsPattern || glob.Matches(glob.Folder + below))
                .Order(StringComparer.Ordinal)
                .Select(below => (Path.Combine(folder, below), below)),
        ];
    }

    static IEnumerable<string> Walk(string folder, string prefix)
    {
        var entries = new DirectoryInfo(folder) is { Exists: true } root ? root.EnumerateFileSystemInfos() : [];
        foreach (var entry in entries)
        {
            if (entry is not DirectoryInfo { LinkTarget: null })
            {
                yield return prefix + entry.Name;
                continue;
            }
            foreach (var inner in Walk(entry.FullName, $"{prefix}{entry.Name}/"))
            {
                yield return inner;
            }
        }
    }
}
