using System.Collections.Immutable;
using Debyard.Debian.Names;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Contents;

/// <summary>Whether the branch's own builds put a package there. What a branch only inherited gives way to its own build.</summary>
public enum Ownership
{
    Own,
    Inherited,
}

/// <summary>A package as one branch lists it.</summary>
public sealed record ListedPackage(Package Package, Ownership Ownership);

/// <summary>What a branch lists, at one moment: by suite and component, then by file name. Immutable.</summary>
public sealed class BranchContents
{
    readonly ImmutableSortedDictionary<SuiteComponent, ComponentContents> bySuiteComponent;

    // Once for all branches that are born from this one as it is.
    readonly Lazy<BranchContents> inherited;
    readonly Lazy<IReadOnlySet<(SuiteComponent, string)>> digests;

    BranchContents(ImmutableSortedDictionary<SuiteComponent, ComponentContents> places)
    {
        this.bySuiteComponent = places;
        inherited = new(() =>
            new(Empty.bySuiteComponent.SetItems(places.Select(place => KeyValuePair.Create(place.Key, place.Value.Inherited()))))
        );
        digests = new(() =>
            SuiteComponents.SelectMany(place => In(place).Select(listed => (place, listed.Package.Digests.Sha256))).ToHashSet()
        );
    }

    /// <summary>Nothing, in the place where packages go by default.</summary>
    public static BranchContents Empty { get; } =
        new(
            ImmutableSortedDictionary
                .Create<SuiteComponent, ComponentContents>(SuiteComponent.Order)
                .Add(SuiteComponent.Default, ComponentContents.Empty)
        );

    public IEnumerable<SuiteComponent> SuiteComponents => bySuiteComponent.Keys;

    public IEnumerable<Suite> Suites => SuiteComponents.Select(place => place.Suite).Distinct();

    public int Count => bySuiteComponent.Values.Sum(place => place.Files.Length);

    /// <summary>Those of the suite's packages.</summary>
    public IReadOnlySet<Architecture> Architectures(Suite suite) =>
        bySuiteComponent.Where(one => one.Key.Suite == suite).SelectMany(one => one.Value.Architectures).ToHashSet();

    /// <summary>Ordered by package name.</summary>
    public ImmutableArray<ListedPackage> In(SuiteComponent place) =>
        bySuiteComponent.GetValueOrDefault(place, ComponentContents.Empty).Files;

    public ListedPackage? Find(SuiteComponent place, DebFileName file) => bySuiteComponent.GetValueOrDefault(place)?.Find(file);

    /// <summary>True where the package is listed, wherever.</summary>
    public bool Lists(Package package) =>
        bySuiteComponent.Values.Any(place => place.Find(package.FileName) is { } listed && listed.Package.Digests == package.Digests);

    /// <summary>Lists these, in the places of those of their names; null: the name is listed no longer. The place is there then, also without a package.</summary>
    internal BranchContents With(SuiteComponent place, IReadOnlyDictionary<DebFileName, ListedPackage?> changes) =>
        new(bySuiteComponent.SetItem(place, bySuiteComponent.GetValueOrDefault(place, ComponentContents.Empty).With(changes)));

    /// <summary>The latest version of every package, per place and architecture.</summary>
    public IEnumerable<(SuiteComponent Place, Package Package)> Latest() =>
        bySuiteComponent.SelectMany(place => place.Value.Latest().Select(package => (place.Key, package)));

    /// <summary>What a new branch starts with: the latest version of every package of this one, per place and architecture.</summary>
    public BranchContents Inherited => inherited.Value;

    /// <summary>The SHA-256 of all that is listed.</summary>
    public IReadOnlySet<(SuiteComponent Place, string Sha256)> Digests => digests.Value;
}
