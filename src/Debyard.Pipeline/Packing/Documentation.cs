using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Debyard.Debian.Compression;
using Debyard.Debian.Names;
using Debyard.Debian.Packages;

namespace Debyard.Pipeline.Packing;

/// <summary>What every package has in <c>/usr/share/doc</c> (Debian Policy 12.5, 12.7), and the overrides for lintian.</summary>
sealed partial class Documentation(PackJob job, PackTree tree, string maintainer)
{
    [GeneratedRegex(@"^([a-z0-9][a-z0-9+.-]+) \(([^\s()]+)\)(?: [a-zA-Z0-9-]+)+;")]
    private static partial Regex ChangelogEntry { get; }

    string Folder => $"/usr/share/doc/{job.Name}";

    public void Add()
    {
        AddCopyright();
        AddChangelog();
        AddOverrides();
    }

    void AddCopyright()
    {
        if (job.Section.Copyright is { } file)
        {
            tree.Set(TreeSource.OfFile(job.PathOf(file), $"{Folder}/copyright") with { Mode = DebFileEntry.Plain });
        }
        else if (tree.Find($"{Folder}/copyright") is not (DebFileEntry or DebSymlink))
        {
            throw job.Wrong($"there is no licence: set 'copyright' to its file, or put it into the tree as {Folder}/copyright");
        }
    }

    // Native packages, whose version has no revision, have the changelog under another name.
    void AddChangelog()
    {
        var name = DebianVersion.Parse(job.Version).Revision.Length > 0 ? "changelog.Debian.gz" : "changelog.gz";
        if (tree.Find($"{Folder}/{name}") is not null)
        {
            return;
        }
        var written = job.Section.Changelog is { } file ? Written(file) : "";
        var isCurrent = ChangelogEntry.Match(written) is { Success: true } newest && newest.Groups[2].Value == job.Version;
        var text = isCurrent ? written : Generated() + (written.Length > 0 ? "\n" + written : "");
        var compressed = new MemoryStream();
        using (var gzip = GZip.Compress(compressed, GZip.LevelOf(9)))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }
        var bytes = compressed.ToArray();
        tree.Set(new DebFileEntry($"{Folder}/{name}", () => new MemoryStream(bytes, writable: false)));
    }

    string Written(string file)
    {
        var text = File.ReadAllText(job.PathOf(file)).Replace("\r\n", "\n", StringComparison.Ordinal).TrimStart();
        return ChangelogEntry.Match(text) is { Success: true } entry && entry.Groups[1].Value == job.Name
            ? text
            : throw job.Wrong(
                $"{file} does not begin as a Debian changelog of {job.Name}: '{job.Name} (1.0) unstable; urgency=medium' "
                    + "(deb-changelog(5)); use 'contents' for a changelog of another form"
            );
    }

    // deb-changelog(5)
    string Generated() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{job.Name} ({job.Version}) unstable; urgency=medium\n\n  * Built from its sources at this version.\n\n"
                + $" -- {maintainer}  {(job.Time ?? DateTimeOffset.UnixEpoch).UtcDateTime:ddd, dd MMM yyyy HH':'mm':'ss} +0000\n"
        );

    void AddOverrides()
    {
        if (job.Section.LintianOverrides.Count == 0)
        {
            return;
        }
        var text = string.Concat(
            job.Section.LintianOverrides.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => $"# {pair.Value.Trim().ReplaceLineEndings(" ")}\n{job.Name}: {pair.Key}\n")
        );
        tree.Set(DebFileEntry.OfText($"/usr/share/lintian/overrides/{job.Name}", text));
    }
}
