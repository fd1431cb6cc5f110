using Debyard.Debian.Names;

namespace Debyard.Repository.Contents;

/// <summary>What a branch will list: changes are gathered, and merged when all of it is asked for, so that thousands cost one copy.</summary>
sealed class ContentsDraft(BranchContents contents)
{
    readonly Dictionary<SuiteComponent, Dictionary<DebFileName, ListedPackage?>> changes = [];
    BranchContents merged = contents;

    public ListedPackage? Find(SuiteComponent place, DebFileName file) =>
        changes.TryGetValue(place, out var changed) && changed.TryGetValue(file, out var listed) ? listed : merged.Find(place, file);

    /// <summary>Lists it, in the place of one of its name.</summary>
    public void List(SuiteComponent place, ListedPackage listed) => In(place)[listed.Package.FileName] = listed;

    public void Unlist(SuiteComponent place, DebFileName file) => In(place)[file] = null;

    public BranchContents Merge()
    {
        merged = changes.Aggregate(merged, (contents, place) => contents.With(place.Key, place.Value));
        changes.Clear();
        return merged;
    }

    Dictionary<DebFileName, ListedPackage?> In(SuiteComponent place) =>
        changes.TryGetValue(place, out var changed) ? changed : changes[place] = [];
}
