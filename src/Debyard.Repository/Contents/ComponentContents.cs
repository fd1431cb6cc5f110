using System.Collections.Immutable;
using Debyard.Debian.Names;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Contents;

/// <summary>What a branch lists in one place, by file name. Immutable.</summary>
sealed class ComponentContents
{
    // By name first, as indexes are; that suffices here.
    static readonly Comparer<DebFileName> order = Comparer<DebFileName>.Create(
        (one, other) =>
            one.Name.CompareTo(other.Name) is var byName && byName != 0 ? byName
            : string.CompareOrdinal(one.Version, other.Version) is var byVersion && byVersion != 0 ? byVersion
            : one.Architecture.CompareTo(other.Architecture)
    );

    // How many packages each has: to look for that among all at each publish takes longer than all else of it.
    readonly ImmutableDictionary<Architecture, int> architectures;

    ComponentContents(ImmutableArray<ListedPackage> files, ImmutableDictionary<Architecture, int> architectures) =>
        (Files, this.architectures) = (files, architectures);

    public static ComponentContents Empty { get; } = new([], ImmutableDictionary<Architecture, int>.Empty);

    public ImmutableArray<ListedPackage> Files { get; }

    public IEnumerable<Architecture> Architectures => architectures.Keys;

    public ListedPackage? Find(DebFileName file) => IndexOf(Files.AsSpan(), file) is var at && at < 0 ? null : Files[at];

    /// <summary>Lists these, in the places of those of their names; null: the name is listed no longer. A search for each, and one copy of all.</summary>
    public ComponentContents With(IReadOnlyDictionary<DebFileName, ListedPackage?> changes)
    {
        var left = Files.AsSpan();
        var merged = ImmutableArray.CreateBuilder<ListedPackage>(left.Length + changes.Count);
        var counts = architectures.ToBuilder();
        foreach (var (file, listed) in changes.OrderBy(one => one.Key, order))
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

    /// <summary>The latest version of every package, per architecture; all of them inherited.</summary>
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

    /// <summary>In order.</summary>
    public IEnumerable<Package> Latest()
    {
        // Versions of one package are neighbours, and mostly there is one.
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
            .Select(ofOne => ofOne.MaxBy(package => package.Version)!)
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
