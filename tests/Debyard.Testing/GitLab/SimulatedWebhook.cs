using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Debyard.Testing.GitLab;

/// <summary>A project's webhook for push events, with a secret token or, if it starts with <c>whsec_</c>, a signing token.</summary>
public sealed class SimulatedWebhook(Uri address, string secret) : IDisposable
{
    const string None = "0000000000000000000000000000000000000000";

    readonly HttpClient http = new();

    /// <summary>What is added to the time of the deliveries.</summary>
    public TimeSpan ClockError { get; set; }

    /// <summary>The last delivery, to be sent again.</summary>
    public Delivery? Last { get; private set; }

    public static string NewSigningToken() => $"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";

    /// <summary>Sends the push event of one ref. https://docs.gitlab.com/user/project/integrations/webhook_events/#push-events</summary>
    public Task<HttpStatusCode> SendAsync(SimulatedProject project, string branch, string? before, string? after) =>
        SendAsync(
            JsonSerializer.Serialize(
                new
                {
                    object_kind = "push",
                    event_name = "push",
                    before = before ?? None,
                    after = after ?? None,
                    @ref = $"refs/heads/{branch}",
                    checkout_sha = after,
                    user_id = 4,
                    user_name = "Jo Smith",
                    project_id = project.Id,
                    project = new
                    {
                        id = project.Id,
                        name = project.Path,
                        path_with_namespace = project.Path,
                        default_branch = project.DefaultBranch,
                    },
                    commits = Array.Empty<object>(),
                    total_commits_count = 0,
                }
            ),
            "Push Hook"
        );

    public Task<HttpStatusCode> SendAsync(string body, string eventName)
    {
        var id = Guid.NewGuid().ToString();
        var timestamp = (DateTimeOffset.UtcNow + ClockError).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var headers = new Dictionary<string, string> { ["X-Gitlab-Event"] = eventName, ["Idempotency-Key"] = id };
        if (secret.StartsWith("whsec_", StringComparison.Ordinal))
        {
            var signature = HMACSHA256.HashData(
                Convert.FromBase64String(secret["whsec_".Length..]),
                Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}")
            );
            headers["webhook-id"] = id;
            headers["webhook-timestamp"] = timestamp;
            headers["webhook-signature"] = $"v1,{Convert.ToBase64String(signature)}";
        }
        else
            headers["X-Gitlab-Token"] = secret;
        return SendAsync(Last = new Delivery(body, headers));
    }

    /// <summary>Sends exactly this delivery.</summary>
    public async Task<HttpStatusCode> SendAsync(Delivery delivery)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(delivery.Body, Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in delivery.Headers)
            request.Headers.Add(name, value);
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }

    public void Dispose() => http.Dispose();

    public sealed record Delivery(string Body, IReadOnlyDictionary<string, string> Headers);
}
