using GitLabApiClient.Internal;
using GitLabApiClient.Internal.Http;
using GitLabApiClient.Internal.Paths;
using GitLabApiClient.Models.Tags.Requests;
using GitLabApiClient.Models.Tags.Responses;

namespace GitLabApiClient;

/// <summary>A tag's name goes into the path as it is: one with a slash is not found. List, and compare names.</summary>
public interface ITagClient
{
    Task<Tag> GetAsync(ProjectId projectId, string tagName);

    Task<IList<Tag>> GetAsync(ProjectId projectId, Action<TagQueryOptions> options = null);

    Task<Tag> CreateAsync(ProjectId projectId, CreateTagRequest request);

    Task DeleteAsync(ProjectId projectId, string tagName);
}

public sealed class TagClient : ITagClient
{
    readonly GitLabHttp http;

    internal TagClient(GitLabHttp http) => this.http = http;

    public Task<Tag> GetAsync(ProjectId projectId, string tagName) => http.GetAsync<Tag>($"{Tags(projectId)}/{tagName}");

    public Task<IList<Tag>> GetAsync(ProjectId projectId, Action<TagQueryOptions> options = null)
    {
        var query = new TagQueryOptions();
        options?.Invoke(query);
        return http.ListAsync<Tag>(
            Url.Of(
                Tags(projectId),
                ("search", query.Search),
                ("order_by", query.OrderBy == TagOrder.Name ? "name" : "updated"),
                ("sort", query.Sort == TagSort.Asc ? "asc" : "desc")
            )
        );
    }

    public Task<Tag> CreateAsync(ProjectId projectId, CreateTagRequest request) => http.PostAsync<Tag>(Tags(projectId), request);

    public Task DeleteAsync(ProjectId projectId, string tagName) => http.DeleteAsync($"{Tags(projectId)}/{tagName}");

    static string Tags(ProjectId projectId) => $"projects/{projectId}/repository/tags";
}
