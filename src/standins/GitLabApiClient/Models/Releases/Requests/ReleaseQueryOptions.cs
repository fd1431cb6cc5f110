namespace GitLabApiClient.Models.Releases.Requests;

public sealed class ReleaseQueryOptions
{
    internal ReleaseQueryOptions() { }
}
