namespace Debyard.Protocol;

/// <summary>Request of <c>POST /api/branches</c> and <c>PUT /api/branches/{branch}</c>.</summary>
/// <param name="Ref">The full git ref; required by <c>POST</c>, which leaves the folder name to the server.</param>
/// <param name="Parent">The branch whose packages a new branch starts with; empty: none; absent: the default branch.</param>
/// <param name="Refresh">Also take over packages that are newer in the parent.</param>
public sealed record BranchRequest(string? Ref, string? Parent = null, bool Refresh = false);

/// <param name="Branch">The branch's folder name on the server.</param>
/// <param name="Created">True if this request created the branch.</param>
/// <param name="Refreshed">The files a refresh brought; absent if none was asked for.</param>
public sealed record BranchAnswer(string Branch, string? Ref, Uri? Url, bool Created, IReadOnlyList<string>? Refreshed = null);

/// <param name="Next">Pass it as <c>after</c> for the next page; absent on the last page.</param>
public sealed record BranchList(IReadOnlyList<BranchEntry> Branches, string? Next);

/// <param name="Published">When clients last saw the branch change; absent if nothing was published yet.</param>
public sealed record BranchEntry(
    string Branch,
    string? Ref,
    string? Parent,
    Uri Url,
    Uri Sources,
    bool Protected,
    DateTimeOffset? Published
)
{
    public IReadOnlyList<string>? Owners { get; init; }
}

/// <param name="Next">Pass it as <c>after</c> for the next page; absent on the last page.</param>
public sealed record BranchDetails(
    string Branch,
    string? Ref,
    string? Parent,
    Uri Url,
    Uri Sources,
    bool Protected,
    IReadOnlyList<PackageEntry> Packages,
    string? Next
)
{
    public IReadOnlyList<string>? Owners { get; init; }
}

/// <param name="Name">The file name, <c>name_version_architecture.deb</c>.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Ownership"><c>own</c> or <c>inherited</c>.</param>
public sealed record PackageEntry(
    string Name,
    string Package,
    string Version,
    string Architecture,
    string Suite,
    string Component,
    long Size,
    string Sha256,
    string Ownership,
    Uri Url
);

/// <summary>Answer of <c>DELETE /api/branches/{branch}</c>.</summary>
/// <param name="Retired">False if the branch stays because other projects own it too.</param>
/// <param name="Until">Until when the branch can be restored.</param>
public sealed record RetireAnswer(string Branch, bool Retired, DateTimeOffset? Until, IReadOnlyList<string>? Owners);

public sealed record RetiredList(IReadOnlyList<RetiredEntry> Branches);

/// <param name="Id">Distinguishes retired branches of the same name; later ones have larger ids.</param>
public sealed record RetiredEntry(string Branch, long Id, string? Ref, DateTimeOffset Retired, DateTimeOffset Until);
