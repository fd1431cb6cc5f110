using System.Collections.Immutable;
using Debyard.Debian;

namespace Debyard.Repository;

/// <summary>Whether the branch's own builds put a package there. What a branch only inherited gives way to its own build.</summary>
public enum Provenance { Own, Inherited }

/// <summary>A package as one branch lists it.</summary>
public sealed record ListedPackage(Package Package, Provenance Provenance);

/// <summary>What a branch lists, at one moment: by suite and component, then by file name. Immutable.</summary>
public sealed class BranchContents
{
    // By name first, as indexes are; that suffices here.
    static readonly ImmutableSortedDictionary<DebFileName, ListedPackage> noFiles = ImmutableSortedDictionary.Create<DebFileName, ListedPackage>(
        Comparer<DebFileName>.Create((one, other) =>
            one.Name.CompareTo(other.Name) is var byName && byName != 0 ? byName
            : string.CompareOrdinal(one.Version, other.Version) is var byVersion && byVersion != 0 ? byVersion
            : one.Architecture.CompareTo(other.Architecture)));

    readonly ImmutableSortedDictionary<Place, ImmutableSortedDictionary<DebFileName, ListedPackage>> places;

    BranchContents(ImmutableSortedDictionary<Place, ImmutableSortedDictionary<DebFileName, ListedPackage>> places) => this.places = places;

    /// <summary>Nothing, in the place where packages go by default.</summary>
    public static BranchContents Empty { get; } = new(
        ImmutableSortedDictionary.Create<Place, ImmutableSortedDictionary<DebFileName, ListedPackage>>(Place.Order).Add(Place.Default, noFiles));

    public IEnumerable<Place> Places => places.Keys;

    public IEnumerable<Suite> Suites => Places.Select(place => place.Suite).Distinct();

    public int Count => places.Values.Sum(files => files.Count);

    /// <summary>Ordered by package name.</summary>
    public IEnumerable<ListedPackage> In(Place place) => places.TryGetValue(place, out var files) ? files.Values : [];

    public ListedPackage? Find(Place place, DebFileName file) => places.TryGetValue(place, out var files) ? files.GetValueOrDefault(file) : null;

    /// <summary>True where the package is listed, wherever.</summary>
    public bool Lists(Package package) => places.Values.Any(files => files.TryGetValue(package.FileName, out var listed) && listed.Package.Digests == package.Digests);

    public BranchContents With(Place place, ListedPackage listed) => new(places.SetItem(place,
        places.GetValueOrDefault(place, noFiles).SetItem(listed.Package.FileName, listed)));

    public BranchContents With(Place place, IEnumerable<ListedPackage> all) => new(places.SetItem(place,
        places.GetValueOrDefault(place, noFiles)
            .SetItems(all.Select(listed => KeyValuePair.Create(listed.Package.FileName, listed)))));

    /// <summary>The place stays, also without a package: clients ask for it.</summary>
    public BranchContents Without(Place place, DebFileName file) => new(places.SetItem(place, places.GetValueOrDefault(place, noFiles).Remove(file)));

    /// <summary>The latest version of every package, per place and architecture.</summary>
    public IEnumerable<(Place Place, Package Package)> Latest() => Places.SelectMany(place => Latest(place).Select(package => (place, package)));

    /// <summary>What a new branch starts with: the latest version of every package of this one, per place and architecture.</summary>
    public BranchContents Inherited() => Places.Aggregate(Empty, (contents, place) => contents.With(place,
        Latest(place).Select(package => new ListedPackage(package, Provenance.Inherited))));

    IEnumerable<Package> Latest(Place place) =>
        In(place).Select(listed => listed.Package).GroupBy(package => (package.FileName.Name, package.FileName.Architecture))
            .Select(versions => versions.MaxBy(package => package.Version)!);
}
