using Debyard.Debian.Names;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Contents;

/// <summary>How a branch's latest version of a package stands to another branch's.</summary>
public enum PackageChange
{
    Added,
    Removed,
    Newer,
    Older,
    Rebuilt,
}

/// <param name="Here">The branch's latest; null where only the other has the package.</param>
/// <param name="There">The other's latest.</param>
public sealed record PackageDiff(SuiteComponent Place, PackageName Package, Architecture Architecture, Package? Here, Package? There)
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
    /// <summary>Where the latest versions differ, by suite, component, package and architecture.</summary>
    public static IEnumerable<PackageDiff> Against(this BranchContents contents, BranchContents other)
    {
        var (here, there) = (Latest(contents), Latest(other));
        return here
            .Keys.Union(there.Keys)
            .Select(key => new PackageDiff(
                key.Place,
                key.Name,
                key.Architecture,
                here.GetValueOrDefault(key),
                there.GetValueOrDefault(key)
            ))
            .Where(one => one.Here?.Digests != one.There?.Digests)
            .OrderBy(one => one.Package)
            .ThenBy(one => one.Architecture)
            .ThenBy(one => one.Place, SuiteComponent.Order);
    }

    static Dictionary<(SuiteComponent Place, PackageName Name, Architecture Architecture), Package> Latest(BranchContents contents) =>
        contents
            .Latest()
            .ToDictionary(one => (one.Place, one.Package.FileName.Name, one.Package.FileName.Architecture), one => one.Package);
}
