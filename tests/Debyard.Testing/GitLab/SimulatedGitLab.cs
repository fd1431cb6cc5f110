using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Debyard.Testing.GitLab;

/// <summary>
/// A GitLab over HTTP with projects and branches that change: the paths, paging headers, errors and JSON of its REST API, as far as
/// Debyard uses it, and its webhooks. The answers are held against GitLab's OpenAPI description by a test.
/// </summary>
public sealed class SimulatedGitLab : IAsyncDisposable
{
    /// <summary>Above this number of items GitLab does not count them.</summary>
    const int MaxCounted = 10_000;

    /// <summary>A push that deletes more branches sends no webhook.</summary>
    const int MaxEventsOfPush = 3;

    public const string Token = "glpat-0123456789abcdefghij";

    readonly WebApplication app;
    readonly ConcurrentDictionary<string, SimulatedProject> projects = [];
    readonly ConcurrentDictionary<string, SimulatedProject> earlierPaths = [];

    SimulatedGitLab(WebApplication app) => this.app = app;

    public Uri Url => new(app.Urls.First());

    /// <summary>All requests and their answers.</summary>
    public ConcurrentQueue<Exchange> Exchanges { get; } = [];

    /// <summary>Answers instead of the API if it returns true.</summary>
    public Func<HttpContext, string, Task<bool>>? Instead { get; set; }

    /// <summary>The token has expired.</summary>
    public bool IsTokenExpired { get; set; }

    public static async Task<SimulatedGitLab> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var gitLab = new SimulatedGitLab(app);
        app.Run(gitLab.AnswerAsync);
        await app.StartAsync();
        return gitLab;
    }

    public SimulatedProject AddProject(string path, params string[] branches)
    {
        var project = projects[path] = new SimulatedProject(projects.Count + 1, path);
        foreach (var branch in branches.Prepend("main"))
            project.Set(branch);
        return project;
    }

    /// <summary>Renames or moves it. GitLab redirects the earlier path.</summary>
    public void Move(SimulatedProject project, string path)
    {
        projects.TryRemove(project.Path, out _);
        earlierPaths[project.Path] = project;
        project.Path = path;
        projects[path] = project;
    }

    public void Delete(SimulatedProject project) => projects.TryRemove(project.Path, out _);

    /// <summary>Pushes a branch, and sends the webhook.</summary>
    public static async Task PushAsync(SimulatedProject project, string branch)
    {
        var (before, after) = project.Set(branch);
        if (project.Webhook is { } webhook)
            await webhook.SendAsync(project, branch, before, after);
    }

    /// <summary>Deletes branches in one push, and sends the webhooks.</summary>
    public static async Task DeleteAsync(SimulatedProject project, params string[] branches)
    {
        foreach (var branch in branches)
            if (project.Remove(branch) is ({ } before, _) && project.Webhook is { } webhook && branches.Length <= MaxEventsOfPush)
                await webhook.SendAsync(project, branch, before, after: null);
    }

    async Task AnswerAsync(HttpContext http)
    {
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (Instead is { } instead && await instead(http, target))
            return;
        var answer = Answer(http.Request, target);
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = "application/json";
        foreach (var (name, value) in answer.Headers)
            http.Response.Headers[name] = value;
        Exchanges.Enqueue(new Exchange(http.Request.Method, target, answer.Status, answer.Json));
        await http.Response.WriteAsync(answer.Json);
    }

    Answered Answer(HttpRequest request, string target)
    {
        if (request.Headers["PRIVATE-TOKEN"] != Token)
            return new(401, """{"message":"401 Unauthorized"}""");
        if (IsTokenExpired)
            return new(
                401,
                """{"error":"invalid_token","error_description":"Token is expired. You can either do re-authorization or token refresh."}"""
            );
        var parts = target.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        if (request.Method != "GET" || parts is not ["api", "v4", "projects", var id, .. var rest])
            return new(404, """{"error":"404 Not Found"}""");
        if (earlierPaths.TryGetValue(id, out var moved) && !projects.ContainsKey(id))
            return new(301, $"\"{new Uri(Url, $"api/v4/projects/{moved.Id}{string.Concat(rest.Select(part => $"/{part}"))}")}\"")
            {
                Headers = [("Location", new Uri(Url, $"api/v4/projects/{moved.Id}").AbsoluteUri)],
            };
        if (!projects.TryGetValue(id, out var project))
            return new(404, """{"message":"404 Project Not Found"}""");
        return rest switch
        {
            [] => new(200, JsonSerializer.Serialize(GitLabJson.Of(project, Url))),
            ["repository", "branches"] => Page(project, request),
            ["repository", "branches", var name] => project.Branches.FirstOrDefault(branch => branch.Name == name)
                is { Name: not null } found
                ? new(200, JsonSerializer.Serialize(GitLabJson.Of(project, found.Name, found.Commit, Url)))
                : new(404, """{"message":"404 Branch Not Found"}"""),
            _ => new(404, """{"error":"404 Not Found"}"""),
        };
    }

    // https://docs.gitlab.com/api/rest/#pagination
    Answered Page(SimulatedProject project, HttpRequest request)
    {
        var (size, page) = (Number("per_page", 20), Number("page", 1));
        var branches = project.Branches;
        var last = Math.Max(1, (branches.Count + size - 1) / size);
        var headers = new List<(string, string)>
        {
            ("X-Page", $"{page}"),
            ("X-Per-Page", $"{size}"),
            ("X-Next-Page", page < last ? $"{page + 1}" : ""),
            ("X-Prev-Page", page > 1 ? $"{page - 1}" : ""),
        };
        if (branches.Count <= MaxCounted)
            headers.AddRange([("X-Total", $"{branches.Count}"), ("X-Total-Pages", $"{last}")]);
        return new(
            200,
            JsonSerializer.Serialize(
                branches.Skip((page - 1) * size).Take(size).Select(branch => GitLabJson.Of(project, branch.Name, branch.Commit, Url))
            )
        )
        {
            Headers = headers,
        };

        int Number(string name, int otherwise) =>
            int.TryParse(request.Query[name], CultureInfo.InvariantCulture, out var number) ? number : otherwise;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var project in projects.Values)
            project.Webhook?.Dispose();
        await app.DisposeAsync();
    }

    public sealed record Exchange(string Method, string Target, int Status, string Json);

    sealed record Answered(int Status, string Json)
    {
        public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
    }
}
