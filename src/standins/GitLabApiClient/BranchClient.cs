using GitLabApiClient.Internal;
using GitLabApiClient.Internal.Http;
using GitLabApiClient.Internal.Paths;
using GitLabApiClient.Models.Branches.Requests;
using GitLabApiClient.Models.Branches.Responses;

namespace GitLabApiClient;

/// <summary>
/// Branch names are not escaped in the path, so GitLab finds no <c>feature/x</c>: list the branches and compare names instead.
/// </summary>
public interface IBranchClient
{
    Task<Branch> GetAsync(ProjectId projectId, string branchName);

    Task<IList<Branch>> GetAsync(ProjectId projectId, Action<BranchQueryOptions> options);

    Task<Branch> CreateAsync(ProjectId projectId, CreateBranchRequest request);

    Task DeleteBranch(ProjectId projectId, string branchName);

    Task DeleteMergedBranches(ProjectId projectId);

    Task<ProtectedBranch> GetProtectedBranchesAsync(ProjectId projectId, string branchName);

    Task<IList<ProtectedBranch>> GetProtectedBranchesAsync(ProjectId projectId);

    Task UnprotectBranchAsync(ProjectId projectId, string branchName);
}

public sealed class BranchClient : IBranchClient
{
    readonly GitLabHttp http;

    internal BranchClient(GitLabHttp http) => this.http = http;

    public Task<Branch> GetAsync(ProjectId projectId, string branchName) => http.GetAsync<Branch>($"{Branches(projectId)}/{branchName}");

    public Task<IList<Branch>> GetAsync(ProjectId projectId, Action<BranchQueryOptions> options)
    {
        var query = new BranchQueryOptions();
        options?.Invoke(query);
        return http.ListAsync<Branch>(Url.Of(Branches(projectId), ("search", query.Search)));
    }

    public Task<Branch> CreateAsync(ProjectId projectId, CreateBranchRequest request) =>
        http.PostAsync<Branch>(Branches(projectId), request);

    public Task DeleteBranch(ProjectId projectId, string branchName) => http.DeleteAsync($"{Branches(projectId)}/{branchName}");

    public Task DeleteMergedBranches(ProjectId projectId) => http.DeleteAsync($"projects/{projectId}/repository/merged_branches");

    public Task<ProtectedBranch> GetProtectedBranchesAsync(ProjectId projectId, string branchName) =>
        http.GetAsync<ProtectedBranch>($"{ProtectedBranches(projectId)}/{branchName}");

    public Task<IList<ProtectedBranch>> GetProtectedBranchesAsync(ProjectId projectId) =>
        http.ListAsync<ProtectedBranch>(ProtectedBranches(projectId));

    public Task UnprotectBranchAsync(ProjectId projectId, string branchName) =>
        http.DeleteAsync($"{ProtectedBranches(projectId)}/{branchName}");

    static string Branches(ProjectId projectId) => $"projects/{projectId}/repository/branches";

    static string ProtectedBranches(ProjectId projectId) => $"projects/{projectId}/protected_branches";
}
