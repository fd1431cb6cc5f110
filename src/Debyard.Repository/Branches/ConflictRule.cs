using Debyard.Debian.Names;
using Debyard.Repository.Contents;

namespace Debyard.Repository.Branches;

/// <summary>
/// A file name means one content per branch. A branch's own package is never replaced by other bytes, unless the configuration lets the
/// branch replace packages; an inherited package gives way to the branch's own build. In a protected branch this also holds for
/// packages that are no longer listed.
/// </summary>
static class ConflictRule
{
    /// <param name="listed">What the branch lists under the name.</param>
    /// <param name="sha256">The content offered; null if only its SHA-1 is known, which never equals <paramref name="listed"/>.</param>
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
