using Debyard.Debian.Names;
using Debyard.Repository.Contents;

namespace Debyard.Repository.Branches;

/// <summary>
/// Decides which uploads conflict: in a branch, a file name stands for one content. A branch's own package is never replaced by other
/// content, unless the configuration allows the branch to replace packages. An inherited package is replaced by the branch's own build.
/// In a protected branch the rule also covers packages that are no longer listed.
/// </summary>
static class ConflictRule
{
    /// <param name="listed">The package that the branch lists under the name; null if there is none.</param>
    /// <param name="sha256">
    /// The digest of the offered content; null if only its SHA-1 is known, which never equals <paramref name="listed"/>.
    /// </param>
    public static bool Refuses(
        ListedPackage? listed,
        BranchRecord record,
        SuiteComponent suiteComponent,
        DebFileName file,
        Sha256? sha256,
        bool allowsReplacing
    ) =>
        listed is { Ownership: Ownership.Own } && listed.Package.Digests.Sha256 != sha256 && !allowsReplacing
        || record.HadOtherContent(suiteComponent, file, sha256);
}
