using GitLabApiClient.Internal.Http;
using GitLabApiClient.Internal.Paths;
using GitLabApiClient.Models.Webhooks.Requests;
using GitLabApiClient.Models.Webhooks.Responses;

namespace GitLabApiClient;

public interface IWebhookClient
{
    Task<Webhook> GetAsync(ProjectId projectId, long hookId);

    Task<IList<Webhook>> GetAsync(ProjectId projectId);

    Task<Webhook> CreateAsync(ProjectId projectId, CreateWebhookRequest request);

    Task DeleteAsync(ProjectId projectId, long hookId);

    Task<Webhook> UpdateAsync(ProjectId projectId, long hookId, CreateWebhookRequest request);
}

public sealed class WebhookClient : IWebhookClient
{
    readonly GitLabHttp http;

    internal WebhookClient(GitLabHttp http) => this.http = http;

    public Task<Webhook> GetAsync(ProjectId projectId, long hookId) => http.GetAsync<Webhook>($"{Hooks(projectId)}/{hookId}");

    public Task<IList<Webhook>> GetAsync(ProjectId projectId) => http.ListAsync<Webhook>(Hooks(projectId));

    public Task<Webhook> CreateAsync(ProjectId projectId, CreateWebhookRequest request) =>
        http.PostAsync<Webhook>(Hooks(projectId), request);

    public Task DeleteAsync(ProjectId projectId, long hookId) => http.DeleteAsync($"{Hooks(projectId)}/{hookId}");

    public Task<Webhook> UpdateAsync(ProjectId projectId, long hookId, CreateWebhookRequest request) =>
        http.PutAsync<Webhook>($"{Hooks(projectId)}/{hookId}", request);

    static string Hooks(ProjectId projectId) => $"projects/{projectId}/hooks";
}
