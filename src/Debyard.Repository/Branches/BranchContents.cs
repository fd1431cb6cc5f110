using System.Collections.Immutable;
using Debyard.Debian;

namespace Debyard.Repository;

/// <summary>Whether the branch's own builds put a package there. What a branch only inherited gives way to its own build.</summary>
public enum Provenance
{
    Own,
    Inherited,
}

/// <summary>A package as one branch lists it.</summary>
public sealed record ListedPackage(Package Package, Provenance Provenance);

/// <summary>What a branch lists, at one moment: by suite and component, then by file name. Immutable.</summary>
public sealed class BranchContents
{
    readonly ImmutableSortedDictionary<Place, PlaceContents> places;

    // Once for all branches that are born from this one as it is.
    readonly Lazy<BranchContents> inherited;
    readonly Lazy<IReadOnlySet<(Place, string)>> digests;

    BranchContents(ImmutableSortedDictionary<Place, PlaceContents> places)
    {
        this.places = places;
        inherited = new(() => new(Empty.places.SetItems(places.Select(place => KeyValuePair.Create(place.Key, place.Value.Inherited())))));
        digests = new(() => Places.SelectMany(place => In(place).Select(listed => (place, listed.Package.Digests.Sha256))).ToHashSet());
    }

    /// <summary>Nothing, in the place where packages go by default.</summary>
    public static BranchContents Empty { get; } =
        new(ImmutableSortedDictionary.Create<Place, PlaceContents>(Place.Order).Add(Place.Default, PlaceContents.Empty));

    public IEnumerable<Place> Places => places.Keys;

    public IEnumerable<Suite> Suites => Places.Select(place => place.Suite).Distinct();

    public int Count => places.Values.Sum(place => place.Files.Length);

    /// <summary>Those of the suite's packages.</summary>
    public IReadOnlySet<Architecture> Architectures(Suite suite) =>
        places.Where(one => one.Key.Suite == suite).SelectMany(one => one.Value.Architectures).ToHashSet();

    /// <summary>Ordered by package name.</summary>
    public ImmutableArray<ListedPackage> In(Place place) => places.GetValueOrDefault(place, PlaceContents.Empty).Files;

    public ListedPackage? Find(Place place, DebFileName file) => places.GetValueOrDefault(place)?.Find(file);

    /// <summary>True where the package is listed, wherever.</summary>
    public bool Lists(Package package) =>
        places.Values.Any(place => place.Find(package.FileName) is { } listed && listed.Package.Digests == package.Digests);

    /// <summary>Lists these, in the places of those of their names; null: the name is listed no longer. The place is there then, also without a package.</summary>
    internal BranchContents With(Place place, IReadOnlyDictionary<DebFileName, ListedPackage?> changes) =>
        new(places.SetItem(place, places.GetValueOrDefault(place, PlaceContents.Empty).With(changes)));

    /// <summary>The latest version of every package, per place and architecture.</summary>
    public IEnumerable<(Place Place, Package Package)> Latest() =>
        places.SelectMany(place => place.Value.Latest().Select(package => (place.Key, package)));

    /// <summary>What a new branch starts with: the latest version of every package of this one, per place and architecture.</summary>
    public BranchContents Inherited => inherited.Value;

    /// <summary>The SHA-256 of all that is listed.</summary>
    public IReadOnlySet<(Place Place, string Sha256)> Digests => digests.Value;
}
