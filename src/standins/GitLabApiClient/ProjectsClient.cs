using GitLabApiClient.Internal;
using GitLabApiClient.Internal.Http;
using GitLabApiClient.Internal.Paths;
using GitLabApiClient.Models;
using GitLabApiClient.Models.Projects.Requests;
using GitLabApiClient.Models.Projects.Responses;

namespace GitLabApiClient;

public interface IProjectsClient
{
    Task<Project> GetAsync(ProjectId projectId);

    Task<IList<Project>> GetAsync(Action<ProjectQueryOptions> options = null);

    Task<Project> CreateAsync(CreateProjectRequest request);

    Task<Project> UpdateAsync(ProjectId projectId, UpdateProjectRequest request);

    Task DeleteAsync(ProjectId projectId);

    Task ArchiveAsync(ProjectId projectId);

    Task UnArchiveAsync(ProjectId projectId);
}

public sealed class ProjectsClient : IProjectsClient
{
    readonly GitLabHttp http;

    internal ProjectsClient(GitLabHttp http) => this.http = http;

    public Task<Project> GetAsync(ProjectId projectId) => http.GetAsync<Project>($"projects/{projectId}");

    public Task<IList<Project>> GetAsync(Action<ProjectQueryOptions> options = null)
    {
        var query = new ProjectQueryOptions();
        options?.Invoke(query);
        return http.ListAsync<Project>(Address(query));
    }

    public async Task<Project> CreateAsync(CreateProjectRequest request)
    {
        Guard.NotNull(request);
        return await http.PostAsync<Project>("projects", request);
    }

    public async Task<Project> UpdateAsync(ProjectId projectId, UpdateProjectRequest request)
    {
        Guard.NotNull(request);
        return await http.PutAsync<Project>($"projects/{projectId}", request);
    }

    public Task DeleteAsync(ProjectId projectId) => http.DeleteAsync($"projects/{projectId}");

    public Task ArchiveAsync(ProjectId projectId) => http.PostAsync($"projects/{projectId}/archive");

    public Task UnArchiveAsync(ProjectId projectId) => http.PostAsync($"projects/{projectId}/unarchive");

    // Values that are GitLab's defaults are not sent, as in the package.
    static string Address(ProjectQueryOptions query) =>
        Url.Of(
            "projects",
            ("user_id", query.UserId),
            ("archived", Url.WhenTrue(query.Archived)),
            (
                "visibility",
                query.Visibility switch
                {
                    QueryProjectVisibilityLevel.Private => "private",
                    QueryProjectVisibilityLevel.Internal => "internal",
                    QueryProjectVisibilityLevel.Public => "public",
                    _ => null,
                }
            ),
            (
                "order_by",
                query.Order switch
                {
                    ProjectsOrder.UpdatedAt => "updated_at",
                    ProjectsOrder.LastActivityAt => "last_activity_at",
                    ProjectsOrder.Id => "id",
                    ProjectsOrder.Name => "name",
                    ProjectsOrder.Path => "path",
                    _ => null,
                }
            ),
            ("sort", query.SortOrder == SortOrder.Ascending ? "asc" : null),
            ("search", query.Filter),
            ("simple", Url.WhenTrue(query.Simple)),
            ("owned", Url.WhenTrue(query.Owned)),
            ("membership", Url.WhenTrue(query.IsMemberOf)),
            ("starred", Url.WhenTrue(query.Starred)),
            ("statistics", Url.WhenTrue(query.IncludeStatistics)),
            ("with_issues_enabled", Url.WhenTrue(query.WithIssuesEnabled)),
            ("with_merge_requests_enabled", Url.WhenTrue(query.WithMergeRequestsEnabled)),
            ("last_activity_after", Url.WhenSet(query.LastActivityAfter)),
            ("last_activity_before", Url.WhenSet(query.LastActivityBefore))
        );
}
