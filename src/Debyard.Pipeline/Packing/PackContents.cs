using Debyard.Debian.Packages;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Packing;

/// <summary>Applies <c>contents</c> to a tree, in the manifest's order.</summary>
sealed class PackContents(PackJob job, PackTree tree, Accounts accounts)
{
    // Entries that the manifest itself added: a second one for the same path is a mistake, one for a file of the tree replaces it.
    readonly Dictionary<string, long> added = new(StringComparer.Ordinal);

    public void Apply()
    {
        foreach (var content in job.Section.Contents)
        {
            Apply(content);
        }
        MarkConffiles();
    }

    void Apply(PackContent content)
    {
        var to = job.Expand(content.To);
        switch (content.Type)
        {
            case PackContentType.Symlink:
                Add(content, new DebSymlink(to, job.Expand(content.Link!)));
                break;
            case PackContentType.Folder:
                Add(content, new DebDirectory(to.TrimEnd('/')));
                break;
            case PackContentType.Remove:
                Matching(content, to).SelectMany(entry => tree.Below(entry.Path)).ToList().ForEach(entry => tree.Remove(entry.Path));
                break;
            case PackContentType.Change:
                Matching(content, to).ForEach(entry => tree.Set(With(content, entry)));
                break;
            case PackContentType.Config when content is { From: null, Text: null }:
                Matching(content, to).ForEach(entry => tree.Set(With(content, entry)));
                break;
            default:
                Copy(content, to);
                break;
        }
    }

    void Copy(PackContent content, string to)
    {
        if (content.Text is { } text)
        {
            Add(content, DebFileEntry.OfText(to, job.Expand(text)));
            return;
        }
        var source = job.Expand(content.From!);
        var files = PackSources.Of(job.Directory, source);
        if (files.Count == 0)
        {
            throw job.Wrong($"'{source}' matches no file beside the manifest", content.Line);
        }
        var isOne = !new Glob(source).IsPattern && !System.IO.Directory.Exists(job.PathOf(source));
        foreach (var (file, below) in files)
        {
            var path = isOne && !to.EndsWith('/') ? to : $"{to.TrimEnd('/')}/{below}";
            Add(content, new FileInfo(file).LinkTarget is { } target ? new DebSymlink(path, target) : TreeSource.OfFile(file, path));
        }
    }

    void Add(PackContent content, DebEntry entry)
    {
        if (!added.TryAdd(entry.Path, content.Line))
        {
            throw job.Wrong($"{entry.Path} is already in 'contents', at line {added[entry.Path]}", content.Line);
        }
        tree.Set(With(content, entry));
    }

    DebEntry With(PackContent content, DebEntry entry)
    {
        if (content.Owner is not null || content.Group is not null)
        {
            entry = accounts.Owned(entry, content);
        }
        if (content.Type == PackContentType.Config && entry is not DebFileEntry)
        {
            throw job.Wrong($"{entry.Path} is no file, so it cannot be a configuration file", content.Line);
        }
        return (content.Mode, entry) switch
        {
            (var mode, DebFileEntry file) => file with
            {
                Mode = mode ?? file.Mode,
                IsConffile = file.IsConffile || content.Type == PackContentType.Config,
            },
            ({ } mode, DebDirectory folder) => folder with { Mode = mode },
            ({ } _, _) => throw job.Wrong($"{entry.Path} is a link, which has no mode of its own", content.Line),
            _ => entry,
        };
    }

    List<DebEntry> Matching(PackContent content, string to)
    {
        var glob = new Glob(to.TrimEnd('/'));
        var found = tree.Entries.Where(entry => glob.Matches(entry.Path)).ToList();
        return found.Count > 0 ? found
            : glob.IsPattern ? throw job.Wrong($"'{to}' matches nothing in the package", content.Line)
            : throw job.Wrong($"there is no {to} in the package; {NearestWord.Suggestion(to, [.. Neighbours(to)])}", content.Line);
    }

    // All paths of a large package would be no help.
    IEnumerable<string> Neighbours(string path) =>
        tree.Entries.Select(entry => entry.Path).Where(other => Math.Abs(other.Length - path.Length) < 8).Take(1000) is var near
        && NearestWord.To(path, near) is { } nearest
            ? [nearest]
            : [];

    // As debhelper does (dh_installdeb): every file in /etc.
    void MarkConffiles()
    {
        foreach (var file in tree.Files.Where(file => file.Path.StartsWith("/etc/", StringComparison.Ordinal)).ToList())
        {
            tree.Set(file with { IsConffile = true });
        }
    }
}
