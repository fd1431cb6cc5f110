using Debyard.Repository.Identity;
using Debyard.Server.Access;

namespace Debyard.Server.Configuration;

/// <summary>The GitLab whose branches decide which branches exist here; see <c>docs/gitlab.md</c>.</summary>
/// <param name="Url">Its address.</param>
/// <param name="ApiToken">A token with the scope <c>read_api</c> that can see all owner projects.</param>
/// <param name="Projects">The projects whose branches are compared. Branches of other projects stay.</param>
public sealed record GitLabOptions(Uri Url, string ApiToken, IReadOnlyList<ProjectPattern> Projects)
{
    const int MinTokenLength = 16;

    public Uri Url { get; } = RequireHttps(Url);

    public string ApiToken { get; } =
        ApiToken.Length >= MinTokenLength && ApiToken.All(letter => letter is > ' ' and <= '~')
            ? ApiToken
            : throw new FormatException("it is not a GitLab token: it is shorter than 16 characters or has spaces");

    /// <summary>The secrets of GitLab's webhooks; without one, webhooks are refused.</summary>
    public IReadOnlyList<WebhookSecret> Webhooks { get; init; } = [];

    /// <summary>How often all branches are compared with GitLab's.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(10);

    internal bool Includes(Project project) => Projects.Any(pattern => pattern.Matches(project));

    /// <exception cref="FormatException">The token would be sent without TLS.</exception>
    internal static Uri RequireHttps(Uri url) =>
        url.Scheme == Uri.UriSchemeHttps || url is { IsLoopback: true } && url.Scheme == Uri.UriSchemeHttp
            ? url
            : throw new FormatException($"{url} is not an https address; without TLS anyone on the network path could read the token");

    // The default prints all members, the token included.
    public override string ToString() => Url.ToString();
}

/// <summary>The secret of a webhook: a secret token, or a signing token, which starts with <c>whsec_</c>.</summary>
/// <param name="Name">Its name in logs.</param>
public sealed record WebhookSecret(string Name, string Secret)
{
    const string SigningPrefix = "whsec_";
    const int MinSecretLength = 16,
        MinKeyBytes = 24;

    public string Secret { get; } =
        Secret.Length >= MinSecretLength
            ? Secret
            : throw new FormatException("a webhook's secret needs at least 16 characters; create one with `openssl rand -hex 32`");

    /// <summary>The projects that may use it.</summary>
    public IReadOnlyList<ProjectPattern> Projects { get; init; } = [new("*")];

    /// <summary>The key of a signing token; null for a secret token.</summary>
    internal byte[]? Key { get; } = ReadKey(Secret);

    public override string ToString() => Name;

    // https://docs.gitlab.com/user/project/integrations/webhooks/ and https://www.standardwebhooks.com: the key is in Base64.
    static byte[]? ReadKey(string secret)
    {
        if (!secret.StartsWith(SigningPrefix, StringComparison.Ordinal))
            return null;
        var key = new byte[secret.Length];
        return Convert.TryFromBase64String(secret[SigningPrefix.Length..], key, out var length) && length >= MinKeyBytes
            ? key[..length]
            : throw new FormatException("a signing token is whsec_ and the Base64 of at least 24 bytes; copy it from GitLab unchanged");
    }
}
