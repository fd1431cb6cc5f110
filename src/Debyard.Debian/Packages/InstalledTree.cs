namespace Debyard.Debian.Packages;

/// <summary>
/// The entries of a package by their path in the archive (<c>./usr/bin/streamer</c>), in ordinal order, so a folder precedes its content.
/// </summary>
static class InstalledTree
{
    public static SortedDictionary<string, DebEntry> Of(IEnumerable<DebEntry> entries)
    {
        var tree = new SortedDictionary<string, DebEntry>(StringComparer.Ordinal) { ["."] = new DebDirectory("/") };
        foreach (var entry in entries)
        {
            var path = ArchivePath(entry.Path);
            if (entry is DebSymlink { Target: "" })
                throw new DebianFormatException($"The link {entry.Path} has no target.");
            if (!tree.TryAdd(path, entry))
                throw new DebianFormatException($"The package contains two entries for {entry.Path}.");
        }
        foreach (var path in tree.Keys.ToList())
            AddFoldersAbove(path, tree);
        foreach (var link in tree.Values.OfType<DebHardLink>())
            CheckTarget(link, tree);
        return tree;
    }

    static void AddFoldersAbove(string path, SortedDictionary<string, DebEntry> tree)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            var folder = path[..slash];
            if (!tree.TryGetValue(folder, out var present))
                tree[folder] = new DebDirectory(folder[1..]);
            else if (present is not DebDirectory)
                throw new DebianFormatException(
                    $"The package contains {present.Path} as a {(present is DebSymlink ? "link" : "file")}, but also entries below it."
                );
        }
    }

    static void CheckTarget(DebHardLink link, SortedDictionary<string, DebEntry> tree)
    {
        var target = ArchivePath(link.Target);
        if (tree.GetValueOrDefault(target) is not DebFileEntry || string.CompareOrdinal(target, ArchivePath(link.Path)) > 0)
            throw new DebianFormatException($"The hard link {link.Path} needs a file {link.Target} in the package, which sorts before it.");
    }

    static string ArchivePath(string path)
    {
        var parts = path.Trim('/').Split('/');
        var isSafe = path.StartsWith('/') && !path.Contains('\0') && !path.Contains('\n') && !parts.Any(part => part is "" or "." or "..");
        return isSafe
            ? "./" + string.Join('/', parts)
            : throw new DebianFormatException(
                $"'{path}' is not a valid path to install: it must be absolute and normalised, as in /usr/bin/tool."
            );
    }
}
