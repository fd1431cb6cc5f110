namespace Debyard.Server.Access;

/// <summary>Who may write and read which branches. A server without it asks nobody and listens on loopback only.</summary>
public sealed record AccessOptions
{
    public IReadOnlyList<AccessToken> Tokens { get; init; } = [];

    /// <summary>The GitLab whose jobs may write the branch of their own ref; null: none.</summary>
    public GitLabAccess? GitLab { get; init; }

    /// <summary>Branches that only jobs of protected refs may write; the default branch always is one.</summary>
    public Globs Protected { get; init; } = Globs.None;

    /// <summary>Branches that only who may write them, or is named as their reader, may read. All others can be read by anybody.</summary>
    public Globs Private { get; init; } = Globs.None;
}

/// <summary>A secret that somebody was given, and what it is good for.</summary>
/// <param name="Name">What logs call its holder.</param>
/// <param name="Secret">16 characters or more, as they can stand in a netrc file: ASCII without spaces.</param>
public sealed record AccessToken(string Name, string Secret)
{
    const int ShortestSecret = 16;

    public string Secret { get; } =
        Secret.Length < ShortestSecret
            ? throw new FormatException($"a token has {ShortestSecret} characters or more; make one with `openssl rand -hex 32`")
        : Secret.Any(letter => letter is <= ' ' or > '~')
            ? throw new FormatException("a token is of ASCII letters, digits and signs, without spaces")
        : Secret;

    /// <summary>Branches its holder may write, and so read.</summary>
    public Globs Write { get; init; } = Globs.None;

    /// <summary>Private branches its holder may read besides.</summary>
    public Globs Read { get; init; } = Globs.None;

    // A record prints its members, and a secret must never be printed.
    public override string ToString() => Name;
}

/// <summary>A GitLab whose jobs prove by an id_token who they are.</summary>
/// <param name="Url">Its address: the tokens' <c>iss</c>; its keys are at <c>/oauth/discovery/keys</c> below.</param>
/// <param name="Audience">The <c>aud</c> a token must be made for, which is this server's and no other's.</param>
/// <param name="Projects">The projects whose jobs are let in. Everybody on a GitLab can make tokens for any audience.</param>
public sealed record GitLabAccess(Uri Url, string Audience, Globs Projects)
{
    public Uri Url { get; } =
        Url.Scheme == Uri.UriSchemeHttps || Url is { IsLoopback: true } && Url.Scheme == Uri.UriSchemeHttp
            ? Url
            : throw new FormatException($"{Url} is no https address: whoever is on the way could put in keys of their own");

    /// <summary>Private branches that every job may read, besides the default branch and its own.</summary>
    public Globs Read { get; init; } = Globs.None;

    internal string Issuer => Url.AbsoluteUri.TrimEnd('/');
}
