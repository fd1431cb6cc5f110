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

    /// <summary>Branches that jobs may write only for a protected ref. The default branch is always one of them.</summary>
    public IReadOnlyList<BranchPattern> Protected { get; init; } = [];

    /// <summary>Branches that only their writers and readers can read. All other branches are public.</summary>
    public IReadOnlyList<BranchPattern> Private { get; init; } = [];
}

/// <summary>A secret and the permissions of its holder.</summary>
/// <param name="Name">The holder's name in logs and in the journal.</param>
/// <param name="Secret">At least 16 printable ASCII characters without spaces, as a netrc file needs them.</param>
public sealed record AccessToken(string Name, string Secret)
{
    const int MinSecretLength = 16;

    public string Secret { get; } =
        Secret.Length < MinSecretLength
            ? throw new FormatException($"a token needs at least {MinSecretLength} characters; create one with `openssl rand -hex 32`")
        : Secret.Any(letter => letter is <= ' ' or > '~')
            ? throw new FormatException("a token may contain only printable ASCII characters and no spaces")
        : Secret;

    /// <summary>Branches that the holder may write, and therefore read.</summary>
    public IReadOnlyList<BranchPattern> Write { get; init; } = [];

    /// <summary>Private branches that the holder may read in addition.</summary>
    public IReadOnlyList<BranchPattern> Read { get; init; } = [];

    // The default prints all members, the secret included.
    public override string ToString() => Name;
}

/// <summary>A GitLab whose jobs identify themselves with an id_token.</summary>
/// <param name="Url">Its address, which is the <c>iss</c> of its tokens; its signing keys are found through OpenID Connect
/// discovery.</param>
/// <param name="Audience">The <c>aud</c> that tokens must have; unique to this server.</param>
/// <param name="Projects">The projects whose jobs are admitted. Every user of a GitLab can create tokens for any audience.</param>
public sealed record GitLabAccess(Uri Url, string Audience, IReadOnlyList<ProjectPattern> Projects)
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
