using GitLabApiClient.Internal;
using GitLabApiClient.Internal.Http;
using GitLabApiClient.Internal.Paths;
using GitLabApiClient.Models.Releases.Requests;
using GitLabApiClient.Models.Releases.Responses;

namespace GitLabApiClient;

/// <summary>A tag's name is encoded by update and delete, but not by the single look-up.</summary>
public interface IReleaseClient
{
    Task<Release> GetAsync(ProjectId projectId, string tagName);

    Task<IList<Release>> GetAsync(ProjectId projectId, Action<ReleaseQueryOptions> options = null);

    Task<Release> CreateAsync(ProjectId projectId, CreateReleaseRequest request);

    Task<Release> UpdateAsync(ProjectId projectId, string tagName, UpdateReleaseRequest request);

    Task DeleteAsync(ProjectId projectId, string tagName);
}

public sealed class ReleaseClient : IReleaseClient
{
    readonly GitLabHttp http;

    internal ReleaseClient(GitLabHttp http) => this.http = http;

    public Task<Release> GetAsync(ProjectId projectId, string tagName) => http.GetAsync<Release>($"{Releases(projectId)}/{tagName}");

    public Task<IList<Release>> GetAsync(ProjectId projectId, Action<ReleaseQueryOptions> options = null)
    {
        options?.Invoke(new ReleaseQueryOptions());
        return http.ListAsync<Release>(Releases(projectId));
    }

    public Task<Release> CreateAsync(ProjectId projectId, CreateReleaseRequest request) =>
        http.PostAsync<Release>(Releases(projectId), request);

    public Task<Release> UpdateAsync(ProjectId projectId, string tagName, UpdateReleaseRequest request) =>
        http.PutAsync<Release>($"{Releases(projectId)}/{Url.Encode(tagName)}", request);

    public Task DeleteAsync(ProjectId projectId, string tagName) => http.DeleteAsync($"{Releases(projectId)}/{Url.Encode(tagName)}");

    static string Releases(ProjectId projectId) => $"projects/{projectId}/releases";
}
