using System.Formats.Tar;
using Debyard.Debian.Packages;

namespace Debyard.Pipeline.Packing;

/// <summary>
/// Reads the tree to pack. Owners are root, and modes 0755 for folders and executable files and 0644 for others, so that the package does
/// not depend on a checkout's umask; the manifest's <c>contents</c> set others. Links are never followed.
/// </summary>
public static class TreeSource
{
    /// <exception cref="PipelineException">There is no such folder.</exception>
    public static PackTree OfFolder(string folder, string shownAs)
    {
        if (!Directory.Exists(folder))
        {
            throw new PipelineException($"There is no folder {shownAs} to pack: build what belongs into it first.");
        }
        var tree = new PackTree();
        foreach (var entry in Entries(folder, ""))
        {
            tree.TryAdd(entry);
        }
        return tree;
    }

    /// <summary>The entries of a folder, below a path of the package.</summary>
    public static IEnumerable<DebEntry> Entries(string folder, string below)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            var path = $"{below}/{entry.Name}";
            if (entry.LinkTarget is { } target)
            {
                yield return new DebSymlink(path, target.Replace('\\', '/'));
            }
            else if (entry is DirectoryInfo)
            {
                yield return new DebDirectory(path);
                foreach (var inner in Entries(entry.FullName, path))
                {
                    yield return inner;
                }
            }
            else
            {
                yield return OfFile(entry.FullName, path);
            }
        }
    }

    public static DebFileEntry OfFile(string file, string path) => new(path, () => File.OpenRead(file), ModeOf(path, IsExecutable(file)));

    // Shared libraries are not executable (Debian Policy 8.1), although linkers create them so. A loader gets its mode by contents.
    static UnixFileMode ModeOf(string path, bool isExecutable) =>
        isExecutable && !IsSharedLibrary(path[(path.LastIndexOf('/') + 1)..]) ? DebFileEntry.Executable : DebFileEntry.Plain;

    static bool IsSharedLibrary(string name) =>
        name.EndsWith(".so", StringComparison.Ordinal) || name.Contains(".so.", StringComparison.Ordinal);

    /// <summary>The files of an image's folder, kept in <paramref name="folder"/> until the package is written.</summary>
    /// <param name="archive">The archive that the engine makes of the folder; its names begin with the folder's.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="cancellation">Leaves files in the folder.</param>
    /// <exception cref="PipelineException">The folder has something that a package cannot contain.</exception>
    public static async Task<PackTree> OfImageAsync(TarReader archive, string folder, CancellationToken cancellation)
    {
        var tree = new PackTree();
        var number = 0;
        var names = new List<List<string>>();
        var contents = new Dictionary<string, (int Name, DebFileEntry File)>(StringComparer.Ordinal);
        while (await archive.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            if (PathIn(entry.Name) is not { Length: > 1 } path)
            {
                continue;
            }
            switch (entry.EntryType)
            {
                case TarEntryType.Directory:
                    tree.TryAdd(new DebDirectory(path));
                    break;
                case TarEntryType.SymbolicLink:
                    tree.TryAdd(new DebSymlink(path, entry.LinkName));
                    break;
                case TarEntryType.HardLink when contents.TryGetValue(PathIn(entry.LinkName), out var first):
                    names[first.Name].Add(path);
                    break;
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                    var file = Path.Combine(folder, $"{number++}");
                    await using (var copy = File.Create(file))
                    {
                        await (entry.DataStream ?? Stream.Null).CopyToAsync(copy, cancellation);
                    }
                    var mode = ModeOf(path, entry.Mode.HasFlag(UnixFileMode.UserExecute));
                    contents.Add(path, (names.Count, new DebFileEntry(path, () => File.OpenRead(file), mode)));
                    names.Add([path]);
                    break;
                default:
                    throw new PipelineException($"{path} is a {entry.EntryType}, which a package cannot contain: remove it.");
            }
        }
        foreach (var (name, file) in contents.Values)
        {
            // The first name in the package's order has the content; dpkg links the others to it.
            var sorted = names[name].Order(StringComparer.Ordinal).ToList();
            tree.TryAdd(file with { Path = sorted[0] });
            sorted.Skip(1).ToList().ForEach(path => tree.TryAdd(new DebHardLink(path, sorted[0])));
        }
        return tree;
    }

    // The engine's names: package/usr/bin/tool.
    static string PathIn(string name) => name.TrimEnd('/') is var path && path.IndexOf('/', 1) is > 0 and var slash ? path[slash..] : "";

    static bool IsExecutable(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            return File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute);
        }
        // Windows has no such mode: what the kernel would run is executable.
        Span<byte> start = stackalloc byte[4];
        using var stream = File.OpenRead(file);
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && (start.StartsWith("#!"u8) || start.SequenceEqual("\u007fELF"u8));
    }
}
