using Debyard.Debian.Names;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Contents;

/// <summary>How a branch's latest version of a package compares to another branch's.</summary>
public enum PackageChange
{
    Added,
    Removed,
    Newer,
    Older,
    Rebuilt,
}

/// <param name="Here">The branch's latest version; null if only the other branch has the package.</param>
/// <param name="There">The other branch's latest version; null if only this branch has the package.</param>
public sealed record PackageDiff(
    SuiteComponent SuiteComponent,
    PackageName Package,
    Architecture Architecture,
    Package? Here,
    Package? There
)
{
    public PackageChange Change =>
        There is null ? PackageChange.Added
        : Here is null ? PackageChange.Removed
        : Here.Version.CompareTo(There.Version) switch
        {
            > 0 => PackageChange.Newer,
            < 0 => PackageChange.Older,
            _ => PackageChange.Rebuilt,
        };
}

/// <summary>Compares two branches.</summary>
public static class BranchDiff
{
    /// <summary>The packages whose latest versions differ, by suite, component, package and architecture.</summary>
    public static IEnumerable<PackageDiff> Against(this BranchContents contents, BranchContents other)
    {
        var (here, there) = (Latest(contents), Latest(other));
        return here
            .Keys.Union(there.Keys)
            .Select(key => new PackageDiff(
                key.SuiteComponent,
                key.Name,
                key.Architecture,
                here.GetValueOrDefault(key),
                there.GetValueOrDefault(key)
            ))
            .Where(diff => diff.Here?.Digests != diff.There?.Digests)
            .OrderBy(diff => diff.Package)
            .ThenBy(diff => diff.Architecture)
            .ThenBy(diff => diff.SuiteComponent, SuiteComponent.Order);
    }

    static Dictionary<(SuiteComponent SuiteComponent, PackageName Name, Architecture Architecture), Package> Latest(
        BranchContents contents
    ) =>
        contents
            .Latest()
            .ToDictionary(
                placed => (placed.SuiteComponent, placed.Package.FileName.Name, placed.Package.FileName.Architecture),
                placed => placed.Package
            );
}
