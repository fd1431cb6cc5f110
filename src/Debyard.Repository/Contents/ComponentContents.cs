using System.Collections.Immutable;
using Debyard.Debian.Names;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Contents;

/// <summary>The packages that a branch lists in one component of a suite, sorted by file name. Immutable.</summary>
sealed class ComponentContents
{
    // By name first, as in the indexes. The order among versions of a package does not matter here.
    static readonly Comparer<DebFileName> order = Comparer<DebFileName>.Create(
        (left, right) =>
            left.Name.CompareTo(right.Name) is var byName && byName != 0 ? byName
            : string.CompareOrdinal(left.Version, right.Version) is var byVersion && byVersion != 0 ? byVersion
            : left.Architecture.CompareTo(right.Architecture)
    );

    // Packages per architecture, maintained incrementally: counting them at each publish would dominate its time.
    readonly ImmutableDictionary<Architecture, int> architectures;

    ComponentContents(ImmutableArray<ListedPackage> files, ImmutableDictionary<Architecture, int> architectures) =>
        (Files, this.architectures) = (files, architectures);

    public static ComponentContents Empty { get; } = new([], ImmutableDictionary<Architecture, int>.Empty);

    public ImmutableArray<ListedPackage> Files { get; }

    public IEnumerable<Architecture> Architectures => architectures.Keys;

    public ListedPackage? Find(DebFileName file) => IndexOf(Files.AsSpan(), file) is var at && at < 0 ? null : Files[at];

    /// <summary>
    /// Lists these packages, replacing those of the same names; null unlists the name. Costs one search per change and one array copy.
    /// </summary>
    public ComponentContents With(IReadOnlyDictionary<DebFileName, ListedPackage?> changes)
    {
        var left = Files.AsSpan();
        var merged = ImmutableArray.CreateBuilder<ListedPackage>(left.Length + changes.Count);
        var counts = architectures.ToBuilder();
        foreach (var (file, listed) in changes.OrderBy(change => change.Key, order))
        {
            var at = IndexOf(left, file);
            merged.AddRange(left[..(at < 0 ? ~at : at)]);
            if (listed is not null)
                merged.Add(listed);
            left = left[(at < 0 ? ~at : at + 1)..];
            Count(counts, file.Architecture, (listed is null ? 0 : 1) - (at < 0 ? 0 : 1));
        }
        merged.AddRange(left);
        return new(merged.DrainToImmutable(), counts.ToImmutable());
    }

    /// <summary>The latest version of every package, per architecture, as inherited packages.</summary>
    public ComponentContents Inherited()
    {
        var latest = ImmutableArray.CreateBuilder<ListedPackage>(Files.Length);
        var counts = ImmutableDictionary.CreateBuilder<Architecture, int>();
        foreach (var package in Latest())
        {
            latest.Add(new ListedPackage(package, Ownership.Inherited));
            Count(counts, package.FileName.Architecture, 1);
        }
        return new(latest.DrainToImmutable(), counts.ToImmutable());
    }

    /// <summary>The latest version of every package, per architecture, sorted.</summary>
    public IEnumerable<Package> Latest()
    {
        // Versions of one package are adjacent, and most packages have only one.
        for (int start = 0, end; start < Files.Length; start = end)
        {
            var name = Files[start].Package.FileName.Name;
            for (end = start + 1; end < Files.Length && Files[end].Package.FileName.Name == name; )
                end++;
            if (end == start + 1)
                yield return Files[start].Package;
            else
                foreach (var package in LatestOf(Files[start..end]))
                    yield return package;
        }
    }

    static IEnumerable<Package> LatestOf(ImmutableArray<ListedPackage> versions) =>
        versions
            .Select(listed => listed.Package)
            .GroupBy(package => package.FileName.Architecture)
            .Select(group => group.MaxBy(package => package.Version)!)
            .OrderBy(package => package.FileName, order);

    static void Count(ImmutableDictionary<Architecture, int>.Builder counts, Architecture architecture, int more)
    {
        if ((counts[architecture] = counts.GetValueOrDefault(architecture) + more) == 0)
            counts.Remove(architecture);
    }

    static int IndexOf(ReadOnlySpan<ListedPackage> files, DebFileName file) => files.BinarySearch(new Named(file));

    readonly struct Named(DebFileName file) : IComparable<ListedPackage>
    {
        public int CompareTo(ListedPackage? other) => order.Compare(file, other!.Package.FileName);
    }
}
