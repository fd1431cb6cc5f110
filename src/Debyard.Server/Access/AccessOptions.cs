using Debyard.Repository.Identity;

namespace Debyard.Server.Access;

/// <summary>
/// Who may write and read which branches. A server without it accepts requests from everyone and listens on loopback only.
/// </summary>
public sealed record AccessOptions
{
    public IReadOnlyList<AccessToken> Tokens { get; init; } = [];

    /// <summary>The GitLab whose jobs may write the branch of their own ref; null: none.</summary>
    public GitLabAccess? GitLab { get; init; }

    /// <summary>Branches that jobs may write only for a protected ref. Trusted branches always are.</summary>
    public IReadOnlyList<BranchPattern> Protected { get; init; } = [];

    /// <summary>Branches that only their writers and readers can read. All other branches are public.</summary>
    public IReadOnlyList<BranchPattern> Private { get; init; } = [];
}

/// <summary>A static token and the permissions of its holder.</summary>
/// <param name="Name">The holder's name in logs and in the journal.</param>
/// <param name="Hash">What the server knows of the token; the token itself is only with its holder.</param>
public sealed record AccessToken(string Name, TokenHash Hash)
{
    /// <summary>Branches that the holder may write, and therefore read.</summary>
    public IReadOnlyList<BranchPattern> Write { get; init; } = [];

    /// <summary>Private branches that the holder may read in addition.</summary>
    public IReadOnlyList<BranchPattern> Read { get; init; } = [];

    /// <summary>The only packages that the holder may add, replace and delete; empty: all.</summary>
    public IReadOnlyList<PackagePattern> Packages { get; init; } = [];

    /// <summary>True if the holder may read all branches and the whole journal, and verify the repository.</summary>
    public bool IsAdministrator { get; init; }
}

/// <summary>A GitLab whose jobs identify themselves with an id_token.</summary>
/// <param name="Url">Its address, which is the <c>iss</c> of its tokens; its signing keys are found through OpenID Connect
/// discovery.</param>
/// <param name="Audience">The <c>aud</c> that tokens must have; unique to this server.</param>
/// <param name="Projects">The projects whose jobs are admitted. Every user of a GitLab can create tokens for any audience.</param>
public sealed record GitLabAccess(Uri Url, string Audience, IReadOnlyList<ProjectAccess> Projects)
{
    public Uri Url { get; } =
        Url.Scheme == Uri.UriSchemeHttps || Url is { IsLoopback: true } && Url.Scheme == Uri.UriSchemeHttp
            ? Url
            : throw new FormatException(
                $"{Url} is not an https address; without TLS anyone on the network path could replace the signing keys"
            );

    /// <summary>Private branches that every job may read in addition to the default branch and its own.</summary>
    public IReadOnlyList<BranchPattern> Read { get; init; } = [];

    internal string Issuer => Url.AbsoluteUri.TrimEnd('/');
}

/// <summary>
/// What the jobs of some projects may write. If several entries match a project, each of them alone can permit a write.
/// </summary>
public sealed record ProjectAccess(ProjectPattern Projects)
{
    /// <summary>
    /// Branches that a job may write if one is that of its ref. Null: all but the trusted branches, whose packages every branch inherits
    /// or links: a project writes those only if a pattern here matches them.
    /// </summary>
    public IReadOnlyList<BranchPattern>? Write { get; init; }

    /// <summary>The only packages that a job may add, replace and delete; empty: all.</summary>
    public IReadOnlyList<PackagePattern> Packages { get; init; } = [];
}
