using Debyard.Debian;

namespace Debyard.Repository;

/// <summary>How a branch's latest version of a package stands to another branch's.</summary>
public enum Difference
{
    Added,
    Removed,
    Newer,
    Older,
    Rebuilt,
}

/// <param name="Here">The branch's latest; null where only the other has the package.</param>
/// <param name="There">The other's latest.</param>
public sealed record PackageDifference(Place Place, PackageName Package, Architecture Architecture, Package? Here, Package? There)
{
    public Difference Change =>
        There is null ? Difference.Added
        : Here is null ? Difference.Removed
        : Here.Version.CompareTo(There.Version) switch
        {
            > 0 => Difference.Newer,
            < 0 => Difference.Older,
            _ => Difference.Rebuilt,
        };
}

/// <summary>Compares two branches.</summary>
public static class Differences
{
    /// <summary>Where the latest versions differ, by suite, component, package and architecture.</summary>
    public static IEnumerable<PackageDifference> Against(this BranchContents contents, BranchContents other)
    {
        var (here, there) = (Latest(contents), Latest(other));
        return here
            .Keys.Union(there.Keys)
            .Select(key => new PackageDifference(
                key.Place,
                key.Name,
                key.Architecture,
                here.GetValueOrDefault(key),
                there.GetValueOrDefault(key)
            ))
            .Where(one => one.Here?.Digests != one.There?.Digests)
            .OrderBy(one => one.Package)
            .ThenBy(one => one.Architecture)
            .ThenBy(one => one.Place, Place.Order);
    }

    static Dictionary<(Place Place, PackageName Name, Architecture Architecture), Package> Latest(BranchContents contents) =>
        contents
            .Latest()
            .ToDictionary(one => (one.Place, one.Package.FileName.Name, one.Package.FileName.Architecture), one => one.Package);
}
