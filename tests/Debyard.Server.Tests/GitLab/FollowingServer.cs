using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Debyard.Server.Configuration;
using Debyard.Testing.GitLab;
using Microsoft.Extensions.Logging;

namespace Debyard.Server.Tests.GitLab;

/// <summary>A server whose branches follow those of a simulated GitLab.</summary>
sealed class FollowingServer : IAsyncDisposable
{
    public const string WebhookToken = "webhook-0123456789abcdef";

    readonly LogLines log;

    FollowingServer(SimulatedGitLab gitLab, RunningServer server, LogLines log) => (GitLab, Server, this.log) = (gitLab, server, log);

    public SimulatedGitLab GitLab { get; }

    public RunningServer Server { get; }

    public IReadOnlyCollection<string> Log => log.Lines;

    /// <param name="interval">How often it compares by itself; null: only at its start.</param>
    public static async Task<FollowingServer> StartAsync(
        TimeSpan? interval = null,
        TimeProvider? time = null,
        string webhookToken = WebhookToken
    )
    {
        var (gitLab, log) = (await SimulatedGitLab.StartAsync(), new LogLines());
        var server = await RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new()
                {
                    Root = "",
                    Time = time ?? TimeProvider.System,
                    ReleaseBranches = [new("release/*")],
                },
                GitLab = new GitLabOptions(gitLab.Url, SimulatedGitLab.Token, [new("video/*")])
                {
                    Interval = interval ?? TimeSpan.FromDays(1),
                    Webhooks = [new WebhookSecret("hook", webhookToken)],
                },
                Logging = logging => logging.AddProvider(log),
            }
        );
        return new FollowingServer(gitLab, server, log);
    }

    /// <summary>A project whose webhook goes to the server, and the branches here that it owns besides main.</summary>
    public async Task<SimulatedProject> AddProjectAsync(string path, params string[] branches)
    {
        var project = GitLab.AddProject(path, branches);
        project.Webhook = NewWebhook(WebhookToken);
        foreach (var branch in branches)
            await OwnAsync(path, branch);
        return project;
    }

    public SimulatedWebhook NewWebhook(string secret) => new(new Uri(Server.Url, "api/gitlab/webhook"), secret);

    /// <summary>Makes the project an owner of the branch, as the upload of a job does.</summary>
    public async Task OwnAsync(string project, string branch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/branches")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { @ref = branch }),
            Headers = { { "X-Debyard-Project", project } },
        };
        using var response = await Server.Http.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode);
    }

    /// <summary>The folders of all branches, by name.</summary>
    public async Task<string[]> BranchesAsync() =>
        [.. (await Server.GetAsync("api/branches"))["branches"]!.AsArray().Select(branch => (string)branch!["branch"]!)];

    /// <summary>Compares all branches, and returns what changed or stays for a reason: <c>feature-x retire</c>.</summary>
    public async Task<string[]> CompareAsync(bool apply = true) => Changes(await AnswerAsync(apply));

    public static string[] Changes(JsonNode answer) =>
        [.. answer["branches"]!.AsArray().Select(branch => $"{branch!["branch"]} {branch["action"]}")];

    public Task<JsonNode> AnswerAsync(bool apply = true) =>
        Server.JsonAsync(HttpMethod.Post, $"api/gitlab/reconcile?apply={(apply ? "true" : "false")}");

    /// <summary>Waits until the branch exists or not, for apt.</summary>
    public async Task ExpectAsync(string folder, bool exists)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            using var response = await Server.Http.GetAsync($"{folder}.sources", patience.Token);
            if (response.StatusCode == (exists ? HttpStatusCode.OK : HttpStatusCode.NotFound))
                return;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await GitLab.DisposeAsync();
        log.Dispose();
    }

    sealed class LogLines : ILoggerProvider, ILogger
    {
        readonly ConcurrentQueue<string> lines = [];

        public IReadOnlyCollection<string> Lines => lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
                lines.Enqueue($"{logLevel}: {formatter(state, exception)}");
        }

        public void Dispose() { }
    }
}
