using GitLabApiClient.Internal;
using GitLabApiClient.Internal.Http;

namespace GitLabApiClient;

/// <summary>
/// GitLab's API, version 4. Every call throws <see cref="GitLabException"/> for an unsuccessful answer,
/// <see cref="HttpRequestException"/> if GitLab cannot be reached, <see cref="TaskCanceledException"/> after the timeout.
/// </summary>
public sealed class GitLabClient : IGitLabClient
{
    /// <param name="hostUrl">The instance, with or without <c>/api/v4</c>.</param>
    /// <param name="authenticationToken">
    /// The length decides its kind: 20 to 63 characters is a private token, 64 a bearer token, 0 no token. Other lengths are refused.
    /// </param>
    /// <param name="httpMessageHandler">Sends the requests.</param>
    /// <param name="clientTimeout">The longest time for one request; null means 100 s.</param>
    public GitLabClient(
        string hostUrl,
        string authenticationToken = "",
        HttpMessageHandler httpMessageHandler = null,
        TimeSpan? clientTimeout = null
    )
    {
        Guard.NotEmpty(hostUrl);
        Guard.NotNull(authenticationToken);
        var host = hostUrl.TrimEnd('/');
        HostUrl = host.EndsWith("/api/v4", StringComparison.OrdinalIgnoreCase) ? host + "/" : host + "/api/v4/";

        var http = new GitLabHttp(new Uri(HostUrl), authenticationToken, httpMessageHandler ?? new HttpClientHandler(), clientTimeout);
        Projects = new ProjectsClient(http);
        Branches = new BranchClient(http);
        Releases = new ReleaseClient(http);
        Tags = new TagClient(http);
        Webhooks = new WebhookClient(http);
    }

    public IProjectsClient Projects { get; }

    public IBranchClient Branches { get; }

    public IReleaseClient Releases { get; }

    public ITagClient Tags { get; }

    public IWebhookClient Webhooks { get; }

    public string HostUrl { get; }
}
