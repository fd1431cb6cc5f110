namespace GitLabApiClient;

public interface IGitLabClient
{
    IProjectsClient Projects { get; }

    IBranchClient Branches { get; }

    IReleaseClient Releases { get; }

    ITagClient Tags { get; }

    IWebhookClient Webhooks { get; }

    /// <summary>Ends with <c>/api/v4/</c>.</summary>
    string HostUrl { get; }
}
