using Debyard.Debian;

namespace Debyard.Repository;

/// <summary>What a branch will list: changes are gathered, and merged when all of it is asked for, so that thousands cost one copy.</summary>
sealed class ContentsDraft(BranchContents contents)
{
    readonly Dictionary<Place, Dictionary<DebFileName, ListedPackage?>> changes = [];
    BranchContents merged = contents;

    public ListedPackage? Find(Place place, DebFileName file) =>
        changes.TryGetValue(place, out var changed) && changed.TryGetValue(file, out var listed) ? listed : merged.Find(place, file);

    /// <summary>Lists it, in the place of one of its name.</summary>
    public void List(Place place, ListedPackage listed) => In(place)[listed.Package.FileName] = listed;

    public void Unlist(Place place, DebFileName file) => In(place)[file] = null;

    public BranchContents Merge()
    {
        merged = changes.Aggregate(merged, (contents, place) => contents.With(place.Key, place.Value));
        changes.Clear();
        return merged;
    }

    Dictionary<DebFileName, ListedPackage?> In(Place place) => changes.TryGetValue(place, out var changed) ? changed : changes[place] = [];
}
