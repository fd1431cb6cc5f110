using System.Text.RegularExpressions;
using Debyard.Debian.Names;

namespace Debyard.Pipeline.Packing;

/// <summary>What a package's binaries need of other packages, and which libraries it offers them.</summary>
sealed partial class SharedLibraries(PackJob job, IReadOnlyList<TreeBinary> binaries, PackTree tree, KnownLibraries? known)
{
    [GeneratedRegex(@"^(.+)\.so\.(.+)$")]
    private static partial Regex Versioned { get; }

    [GeneratedRegex(@"^(\S+) \(>= (\S+)\)$")]
    private static partial Regex AtLeast { get; }

    /// <summary>
    /// The file shlibs (deb-shlibs(5)): libraries directly in a folder <c>lib</c>, or that of a triplet. Libraries deeper than that are
    /// plug-ins. Empty if there are none.
    /// </summary>
    public string Shlibs()
    {
        var version = DebianVersion.Parse(job.Version);
        var atLeast = (version.Epoch > 0 ? $"{version.Epoch}:" : "") + version.UpstreamVersion;
        return string.Concat(
            binaries
                .Where(binary => IsLinkable(binary.Path))
                .Select(binary => Versioned.Match(binary.Links.SoName ?? ""))
                .Where(name => name.Success)
                .Select(name => $"{name.Groups[1].Value} {name.Groups[2].Value} {job.Name} (>= {atLeast})\n")
                .Distinct()
                .Order(StringComparer.Ordinal)
        );
    }

    /// <summary>Whether ldconfig must run: only for the folders that it reads by default.</summary>
    public bool NeedLdconfig =>
        binaries.Any(binary =>
            binary.Links.SoName is not null
            && IsLinkable(binary.Path)
            && (binary.Path.StartsWith("/usr/lib/", StringComparison.Ordinal) || binary.Path.StartsWith("/lib/", StringComparison.Ordinal))
        );

    /// <summary>What <c>${shlibs:Depends}</c> stands for.</summary>
    /// <exception cref="PipelineException">A library is in no known package.</exception>
    public string Depends()
    {
        var own = tree.Entries.Select(entry => entry.Path[(entry.Path.LastIndexOf('/') + 1)..]).ToHashSet(StringComparer.Ordinal);
        var relations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var library in binaries.SelectMany(binary => binary.Links.Needed).Distinct().Where(library => !own.Contains(library)))
        {
            var versions = binaries
                .SelectMany(binary => binary.Links.NeededVersions)
                .Where(needed => needed.Library == library)
                .Select(needed => needed.Version)
                .Distinct()
                .ToList();
            foreach (var relation in RelationsFor(library, versions).Where(relation => Package(relation) != job.Name))
            {
                Keep(relations, relation);
            }
        }
        return relations.Count > 0
            ? string.Join(", ", relations.Values)
            : throw job.Wrong("${shlibs:Depends} stands for nothing: no binary of the package needs a shared library of another one");
    }

    IEnumerable<string> RelationsFor(string library, IReadOnlyCollection<string> versions)
    {
        if (job.Libc is { } libc && IsLibc(library))
        {
            return [libc];
        }
        if (known is null)
        {
            throw job.Wrong(
                "${shlibs:Depends} needs the image that the binaries were built in: replace it in 'depends' by the packages, "
                    + $"above all the one that has {library}"
            );
        }
        var relation =
            known.RelationFor(library, versions)
            ?? throw job.Wrong(
                $"{binaries.First(binary => binary.Links.Needed.Contains(library)).Path} needs {library}, which neither a dependency in "
                    + "'needs' nor a package of the build image has"
            );
        return relation.Split(", ");
    }

    static void Keep(SortedDictionary<string, string> relations, string relation)
    {
        var package = Package(relation);
        var (before, now) = (AtLeast.Match(relations.GetValueOrDefault(package, "")), AtLeast.Match(relation));
        var key = now.Success || !relation.Contains('(') ? package : relation;
        if (!before.Success || (now.Success && DebianVersion.Parse(now.Groups[2].Value) > DebianVersion.Parse(before.Groups[2].Value)))
        {
            relations[key] = relation;
        }
    }

    static string Package(string relation) => relation.Split(' ')[0];

    // The names of glibc's and musl's libraries.
    static bool IsLibc(string library) =>
        library is "libc.so" or "libc.so.6" or "libm.so.6" or "libdl.so.2" or "libpthread.so.0" or "librt.so.1"
        || library.StartsWith("ld-linux", StringComparison.Ordinal)
        || library.StartsWith("ld-musl-", StringComparison.Ordinal);

    bool IsLinkable(string path)
    {
        var folder = path[..path.LastIndexOf('/')];
        return folder.EndsWith("/lib", StringComparison.Ordinal)
            || (job.Triplet.Length > 0 && folder.EndsWith($"/lib/{job.Triplet}", StringComparison.Ordinal));
    }
}
