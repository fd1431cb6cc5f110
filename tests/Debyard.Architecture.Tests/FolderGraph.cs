using System.Text.RegularExpressions;

namespace Debyard.Architecture.Tests;

/// <summary>
/// Which folders of a project use which others: by <c>using</c> directives and, for the namespaces around a file, which need none, by the
/// names of the types declared there. The folder of a project itself is the empty name.
/// </summary>
sealed partial class FolderGraph
{
    readonly Dictionary<string, SortedSet<string>> uses = [];

    FolderGraph() { }

    public static FolderGraph Of(string project)
    {
        var root = $"src/{project}/";
        var files = Checkout
            .Of([root], ".cs")
            .Select(file =>
                (Folder: Path.GetDirectoryName(file[root.Length..])!.Replace('/', '.'), Code: WithoutComments(Checkout.Read(file)))
            )
            .ToList();
        var types = files
            .GroupBy(file => file.Folder)
            .ToDictionary(
                folder => folder.Key,
                folder => folder.SelectMany(file => Declaration.Matches(file.Code)).Select(match => match.Groups[1].Value).ToHashSet()
            );
        var graph = new FolderGraph();
        foreach (var (folder, code) in files)
        {
            var used = graph.uses.TryGetValue(folder, out var known) ? known : graph.uses[folder] = [];
            var words = Word.Matches(code).Select(match => match.Value).ToHashSet();
            used.UnionWith(
                Using
                    .Matches(code)
                    .Select(match => match.Groups[1].Value)
                    .Where(name => name == project || name.StartsWith(project + ".", StringComparison.Ordinal))
                    .Select(name => name[project.Length..].TrimStart('.'))
            );
            used.UnionWith(types.Keys.Where(outer => outer != folder && IsAround(outer, folder) && types[outer].Overlaps(words)).ToList());
            used.Remove(folder);
        }
        return graph;
    }

    /// <summary>The folders of a cycle, in order; empty if there is none.</summary>
    public IReadOnlyList<string> FindCycle()
    {
        var done = new HashSet<string>();
        return uses.Keys.Select(folder => FindCycle(folder, [], done)).FirstOrDefault(cycle => cycle.Count > 0) ?? [];
    }

    List<string> FindCycle(string folder, List<string> path, HashSet<string> done)
    {
        if (path.IndexOf(folder) is >= 0 and var start)
            return [.. path[start..], folder];
        if (!uses.TryGetValue(folder, out var used) || !done.Add(folder))
            return [];
        path.Add(folder);
        foreach (var next in used)
            if (FindCycle(next, path, done) is { Count: > 0 } cycle)
                return cycle;
        path.RemoveAt(path.Count - 1);
        return [];
    }

    static bool IsAround(string outer, string inner) => outer.Length == 0 || inner.StartsWith(outer + ".", StringComparison.Ordinal);

    static string WithoutComments(string code) => Comment.Replace(code, "");

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment { get; }

    [GeneratedRegex(@"^using (?:static )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using { get; }

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record(?! struct| class)) ([A-Z]\w*)")]
    private static partial Regex Declaration { get; }

    [GeneratedRegex(@"\b[A-Z]\w*")]
    private static partial Regex Word { get; }
}
