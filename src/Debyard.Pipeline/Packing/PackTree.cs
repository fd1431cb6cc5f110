using Debyard.Debian.Packages;

namespace Debyard.Pipeline.Packing;

/// <summary>What a package installs, by path, while it is being put together.</summary>
public sealed class PackTree
{
    readonly SortedDictionary<string, DebEntry> entries = new(StringComparer.Ordinal);

    public IReadOnlyCollection<DebEntry> Entries => entries.Values;

    public IEnumerable<DebFileEntry> Files => entries.Values.OfType<DebFileEntry>();

    /// <summary>Returns false, and changes nothing, if the path is taken. A folder may be added again.</summary>
    public bool TryAdd(DebEntry entry) =>
        entries.TryAdd(entry.Path, entry) || (entry is DebDirectory && entries[entry.Path] is DebDirectory && Set(entry));

    public bool Set(DebEntry entry)
    {
        entries[entry.Path] = entry;
        return true;
    }

    public DebEntry? Find(string path) => entries.GetValueOrDefault(path);

    public void Remove(string path) => entries.Remove(path);

    /// <summary>The folder and all that is below it.</summary>
    public IReadOnlyList<DebEntry> Below(string folder) =>
        [.. entries.Values.Where(entry => entry.Path == folder || entry.Path.StartsWith(folder + "/", StringComparison.Ordinal))];

    /// <summary>Finds a chain of links that comes back to itself, or one that leads above the root; null if there is none.</summary>
    public string? WrongLink()
    {
        foreach (var link in entries.Values.OfType<DebSymlink>())
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            for (DebEntry? at = link; at is DebSymlink next; at = Find(Resolve(next)!))
            {
                if (!seen.Add(next.Path))
                {
                    return $"the links {string.Join(" -> ", seen)} lead back to {next.Path}";
                }
                if (Resolve(next) is null)
                {
                    return $"the link {next.Path} to {next.Target} leads out of the package, above its root";
                }
            }
        }
        return null;
    }

    static string? Resolve(DebSymlink link)
    {
        var parts = new List<string>();
        var path = link.Target.StartsWith('/') ? link.Target : $"{link.Path[..link.Path.LastIndexOf('/')]}/{link.Target}";
        foreach (var part in path.Split('/').Where(part => part is not ("" or ".")))
        {
            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count == 0)
            {
                return null;
            }
            else
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }
        return "/" + string.Join('/', parts);
    }
}
