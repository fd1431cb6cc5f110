using System.Collections.Immutable;
using Debyard.Debian.Names;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Contents;

/// <summary>The packages that a branch lists at one moment, by suite and component. Immutable.</summary>
public sealed class BranchContents
{
    readonly ImmutableSortedDictionary<SuiteComponent, ComponentContents> components;

    // Computed once for all branches that start from this state.
    readonly Lazy<BranchContents> inherited;
    readonly Lazy<IReadOnlySet<(SuiteComponent, Sha256)>> digests;

    BranchContents(ImmutableSortedDictionary<SuiteComponent, ComponentContents> components)
    {
        this.components = components;
        inherited = new(() =>
            new(Empty.components.SetItems(components.Select(component => KeyValuePair.Create(component.Key, component.Value.Inherited()))))
        );
        digests = new(() => All().Select(placed => (placed.SuiteComponent, placed.Package.Digests.Sha256)).ToHashSet());
    }

    /// <summary>No packages, in the default suite and component.</summary>
    public static BranchContents Empty { get; } =
        new(
            ImmutableSortedDictionary
                .Create<SuiteComponent, ComponentContents>(SuiteComponent.Order)
                .Add(SuiteComponent.Default, ComponentContents.Empty)
        );

    public IEnumerable<SuiteComponent> SuiteComponents => components.Keys;

    public IEnumerable<Suite> Suites => SuiteComponents.Select(suiteComponent => suiteComponent.Suite).Distinct();

    public int Count => components.Values.Sum(component => component.Files.Length);

    /// <summary>The packages that a new branch starts with: the latest version of each, per suite, component and architecture.</summary>
    public BranchContents Inherited => inherited.Value;

    /// <summary>The SHA-256 of every listed package.</summary>
    public IReadOnlySet<(SuiteComponent SuiteComponent, Sha256 Sha256)> Digests => digests.Value;

    /// <summary>The architectures of the suite's packages.</summary>
    public IReadOnlySet<Architecture> Architectures(Suite suite) =>
        components.Where(component => component.Key.Suite == suite).SelectMany(component => component.Value.Architectures).ToHashSet();

    /// <summary>Sorted by package name.</summary>
    public ImmutableArray<ListedPackage> In(SuiteComponent suiteComponent) =>
        components.GetValueOrDefault(suiteComponent, ComponentContents.Empty).Files;

    public IEnumerable<PlacedPackage> All() =>
        components.SelectMany(component => component.Value.Files.Select(listed => new PlacedPackage(component.Key, listed.Package)));

    /// <summary>The latest version of every package, per suite, component and architecture.</summary>
    public IEnumerable<PlacedPackage> Latest() =>
        components.SelectMany(component => component.Value.Latest().Select(package => new PlacedPackage(component.Key, package)));

    public ListedPackage? Find(SuiteComponent suiteComponent, DebFileName file) => components.GetValueOrDefault(suiteComponent)?.Find(file);

    /// <summary>True if the package is listed in any suite and component.</summary>
    public bool Lists(Package package) =>
        components.Values.Any(component => component.Find(package.FileName) is { } listed && listed.Package.Digests == package.Digests);

    /// <summary>
    /// Lists these packages, replacing those of the same names; null unlists the name. Afterwards the component exists even if it lists
    /// nothing.
    /// </summary>
    internal BranchContents With(SuiteComponent suiteComponent, IReadOnlyDictionary<DebFileName, ListedPackage?> changes) =>
        new(components.SetItem(suiteComponent, components.GetValueOrDefault(suiteComponent, ComponentContents.Empty).With(changes)));
}
