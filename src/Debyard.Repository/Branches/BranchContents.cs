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
    static readonly Comparer<DebFileName> order = Comparer<DebFileName>.Create((one, other) =>
        one.Name.CompareTo(other.Name) is var byName && byName != 0 ? byName
        : string.CompareOrdinal(one.Version, other.Version) is var byVersion && byVersion != 0 ? byVersion
        : one.Architecture.CompareTo(other.Architecture));

    // Arrays in that order: each publish reads all of one and changes little, and 20 branches of 10,000 packages are in memory.
    readonly ImmutableSortedDictionary<Place, ListedPackage[]> places;

    // Once for all branches that are born from this one as it is.
    readonly Lazy<BranchContents> inherited;
    readonly Lazy<IReadOnlySet<(Place, string)>> digests;

    BranchContents(ImmutableSortedDictionary<Place, ListedPackage[]> places)
    {
        this.places = places;
        inherited = new(() => Places.Aggregate(Empty, (contents, place) => contents.With(place,
            Latest(place).ToDictionary(package => package.FileName, package => (ListedPackage?)new ListedPackage(package, Provenance.Inherited)))));
        digests = new(() => Places.SelectMany(place => In(place).Select(listed => (place, listed.Package.Digests.Sha256))).ToHashSet());
    }

    /// <summary>Nothing, in the place where packages go by default.</summary>
    public static BranchContents Empty { get; } = new(ImmutableSortedDictionary.Create<Place, ListedPackage[]>(Place.Order).Add(Place.Default, []));

    public IEnumerable<Place> Places => places.Keys;

    public IEnumerable<Suite> Suites => Places.Select(place => place.Suite).Distinct();

    public int Count => places.Values.Sum(files => files.Length);

    /// <summary>Those of the suite's packages.</summary>
    public IReadOnlySet<Architecture> Architectures(Suite suite)
    {
        var found = new HashSet<Architecture>();
        var last = default(Architecture);
        foreach (var (_, files) in places.Where(one => one.Key.Suite == suite))
            foreach (var listed in files)
                // Mostly the same one many times, at each publish.
                if (listed.Package.FileName.Architecture is var architecture && architecture != last)
                    found.Add(last = architecture);
        return found;
    }

    /// <summary>Ordered by package name.</summary>
    public IReadOnlyList<ListedPackage> In(Place place) => places.GetValueOrDefault(place, []);

    public ListedPackage? Find(Place place, DebFileName file) => Find(places.GetValueOrDefault(place, []), file);

    /// <summary>True where the package is listed, wherever.</summary>
    public bool Lists(Package package) => places.Values.Any(files => Find(files, package.FileName) is { } listed && listed.Package.Digests == package.Digests);

    /// <summary>Lists these, in the places of those of their names; null: the name is listed no longer. The place is there then, also without a package.</summary>
    internal BranchContents With(Place place, IReadOnlyDictionary<DebFileName, ListedPackage?> changes) =>
        new(places.SetItem(place, Merge(places.GetValueOrDefault(place, []), [.. changes.OrderBy(one => one.Key, order)])));

    /// <summary>The latest version of every package, per place and architecture.</summary>
    public IEnumerable<(Place Place, Package Package)> Latest() => Places.SelectMany(place => Latest(place).Select(package => (place, package)));

    /// <summary>What a new branch starts with: the latest version of every package of this one, per place and architecture.</summary>
    public BranchContents Inherited => inherited.Value;

    /// <summary>The SHA-256 of all that is listed.</summary>
    public IReadOnlySet<(Place Place, string Sha256)> Digests => digests.Value;

    IEnumerable<Package> Latest(Place place) =>
        In(place).Select(listed => listed.Package).GroupBy(package => (package.FileName.Name, package.FileName.Architecture))
            .Select(versions => versions.MaxBy(package => package.Version)!);

    static ListedPackage? Find(ListedPackage[] files, DebFileName file) => IndexOf(files, file) is var at && at < 0 ? null : files[at];

    // A search for each change, and one copy of all.
    static ListedPackage[] Merge(ReadOnlySpan<ListedPackage> files, KeyValuePair<DebFileName, ListedPackage?>[] changes)
    {
        var merged = new List<ListedPackage>(files.Length + changes.Length);
        foreach (var (file, listed) in changes)
        {
            var at = IndexOf(files, file);
            merged.AddRange(files[..(at < 0 ? ~at : at)]);
            if (listed is not null)
                merged.Add(listed);
            files = files[(at < 0 ? ~at : at + 1)..];
        }
        merged.AddRange(files);
        return [.. merged];
    }

    static int IndexOf(ReadOnlySpan<ListedPackage> files, DebFileName file) => files.BinarySearch(new Named(file));

    readonly struct Named(DebFileName file) : IComparable<ListedPackage>
    {
        public int CompareTo(ListedPackage? other) => order.Compare(file, other!.Package.FileName);
    }
}
