using Debyard.Debian.Control;
using Debyard.Debian.Packages;

namespace Debyard.Pipeline.Packing;

/// <summary>
/// Splits separate debug symbols off into a package <c>&lt;name&gt;-dbgsym</c>, as debhelper's dh_strip does. gdb finds them by build id.
/// </summary>
sealed class DebugSymbols
{
    const string Folder = TreeBinary.DebugFolder + "/.build-id";

    /// <summary>Takes the symbols out of the tree.</summary>
    /// <returns>The tree of the package of symbols and the build ids in it; null if there are none.</returns>
    /// <exception cref="PipelineException">A file of symbols belongs to no binary of the package.</exception>
    public static (PackTree Tree, IReadOnlyList<string> BuildIds)? Split(PackJob job, PackTree tree, IReadOnlyList<TreeBinary> binaries)
    {
        var found = tree.Below(TreeBinary.DebugFolder);
        var symbols = new PackTree();
        var ids = new List<string>();
        var known = binaries.Select(binary => binary.Links.BuildId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var entry in found)
        {
            tree.Remove(entry.Path);
            if (entry is DebDirectory)
            {
                continue;
            }
            // /usr/lib/debug/.build-id/ab/cdef….debug
            var id = entry.Path.StartsWith(Folder + "/", StringComparison.Ordinal)
                ? entry
                    .Path[(Folder.Length + 1)..]
                    .Replace("/", "", StringComparison.Ordinal)
                    .Replace(".debug", "", StringComparison.Ordinal)
                : throw job.Wrong($"{entry.Path} is not below {Folder}, where debuggers find symbols by build id");
            if (!known.Contains(id))
            {
                throw job.Wrong($"{entry.Path} has the symbols of no binary in the package: none has the build id {id}");
            }
            symbols.TryAdd(entry is DebFileEntry file ? file with { Mode = DebFileEntry.Plain } : entry);
            ids.Add(id);
        }
        if (ids.Count == 0)
        {
            return null;
        }
        symbols.TryAdd(new DebSymlink($"/usr/share/doc/{job.Name}-dbgsym", job.Name));
        return (symbols, [.. ids.Order(StringComparer.Ordinal)]);
    }

    public static Stanza Control(PackJob job, Stanza package, IReadOnlyList<string> buildIds) =>
        new(
            new Field("Package", $"{job.Name}-dbgsym"),
            new("Version", job.Version),
            new("Auto-Built-Package", "debug-symbols"),
            new("Architecture", job.Architecture.ToString()),
            new("Maintainer", package.Required("Maintainer")),
            new("Depends", $"{job.Name} (= {job.Version})"),
            new("Section", "debug"),
            new("Priority", "optional"),
            new("Description", $"debug symbols for {job.Name}"),
            new("Build-Ids", string.Join(' ', buildIds))
        );
}
