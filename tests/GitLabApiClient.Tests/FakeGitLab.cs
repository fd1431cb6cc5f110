using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace GitLabApiClient.Tests;

/// <summary>An HTTP server that keeps what it is sent and answers what it is told; requests without an answer get GitLab's 404.</summary>
public sealed class FakeGitLab : IAsyncLifetime
{
    readonly WebApplication app;
    readonly ConcurrentDictionary<string, (int Status, string Body, (string, string)[] Headers)> answers = [];

    public FakeGitLab()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        app = builder.Build();
        app.Run(AnswerAsync);
    }

    public string Url => app.Urls.First();

    public ConcurrentQueue<Request> Requests { get; } = [];

    /// <summary>The only request so far, as <c>METHOD target</c>; forgets it.</summary>
    public string Only
    {
        get
        {
            var request = Assert.Single(Requests);
            Requests.Clear();
            return $"{request.Method} {request.Target}";
        }
    }

    public GitLabClient Client => new(Url, "a-private-token-0123");

    /// <summary>The answer from now on to <c>METHOD target</c>, the target as it is on the wire.</summary>
    public void Answer(string request, string body, int status = 200, params (string, string)[] headers) =>
        answers[request] = (status, body, headers);

    public Task InitializeAsync() => app.StartAsync();

    public async Task DisposeAsync() => await app.DisposeAsync();

    async Task AnswerAsync(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        using var body = new StreamReader(context.Request.Body);
        var request = new Request(
            context.Request.Method,
            target,
            await body.ReadToEndAsync(),
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)
        );
        Requests.Enqueue(request);

        var (status, text, headers) = answers.GetValueOrDefault($"{request.Method} {target}", (404, """{"message":"404 Not Found"}""", []));
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        if (status != StatusCodes.Status204NoContent)
            await context.Response.WriteAsync(text);
    }
}

public sealed record Request(string Method, string Target, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();
}
