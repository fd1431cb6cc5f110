using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Debyard.Server.Tests.Access;

/// <summary>Requests in the name of a caller.</summary>
static class Requests
{
    /// <param name="token">The bearer token; null: none.</param>
    /// <param name="gitRef">The value of X-Debyard-Ref; null: none.</param>
    public static async Task<(int Status, string Body)> AskAsync(
        this RunningServer server,
        string? token,
        HttpMethod method,
        string path,
        string? json = null,
        string? gitRef = null,
        SamplePackage? package = null,
        string? project = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (gitRef is not null)
            request.Headers.Add("X-Debyard-Ref", gitRef);
        if (project is not null)
            request.Headers.Add("X-Debyard-Project", project);
        if (package is not null && method == HttpMethod.Get)
            request.Headers.Add("X-Sha256", package.Digests.Sha256.ToString());
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        else if (package is not null && method == HttpMethod.Put)
            request.Content = new ByteArrayContent(package.Bytes);
        using var response = await server.Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public static async Task<int> PutAsync(
        this RunningServer server,
        string? token,
        string branch,
        SamplePackage package,
        string? gitRef = null,
        string? project = null
    ) => (await server.AskAsync(token, HttpMethod.Put, $"{branch}/{package.FileName}", null, gitRef, package, project)).Status;

    public static async Task<int> GetStatusAsync(this RunningServer server, string? token, string path) =>
        (await server.AskAsync(token, HttpMethod.Get, path)).Status;

    /// <summary>Opens the branch of a ref; the folder is null unless it succeeded.</summary>
    public static async Task<(int Status, string? Folder)> OpenAsync(this RunningServer server, string token, string gitRef)
    {
        var (status, body) = await server.AskAsync(token, HttpMethod.Post, "api/branches", $$"""{"ref":"{{gitRef}}"}""");
        return (status, (string?)JsonNode.Parse(body)!["branch"]);
    }
}
