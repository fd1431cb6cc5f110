using Debyard.Debian.Names;

namespace Debyard.Repository.Contents;

/// <summary>Collects changes to a branch's contents and merges them on demand, so that thousands of changes cost one copy.</summary>
sealed class ContentsDraft(BranchContents contents)
{
    readonly Dictionary<SuiteComponent, Dictionary<DebFileName, ListedPackage?>> changes = [];
    BranchContents merged = contents;

    public ListedPackage? Find(SuiteComponent suiteComponent, DebFileName file) =>
        changes.TryGetValue(suiteComponent, out var changed) && changed.TryGetValue(file, out var listed)
            ? listed
            : merged.Find(suiteComponent, file);

    /// <summary>Lists the package, replacing one of the same name.</summary>
    public void List(SuiteComponent suiteComponent, ListedPackage listed) => In(suiteComponent)[listed.Package.FileName] = listed;

    public void Unlist(SuiteComponent suiteComponent, DebFileName file) => In(suiteComponent)[file] = null;

    public BranchContents Merge()
    {
        merged = changes.Aggregate(merged, (contents, suiteComponent) => contents.With(suiteComponent.Key, suiteComponent.Value));
        changes.Clear();
        return merged;
    }

    Dictionary<DebFileName, ListedPackage?> In(SuiteComponent suiteComponent) =>
        changes.TryGetValue(suiteComponent, out var changed) ? changed : changes[suiteComponent] = [];
}
