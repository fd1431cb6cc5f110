using Debyard.Pipeline.Display;
using Debyard.Pipeline.Steps;

namespace Debyard.Pipeline.Tests.Steps;

public sealed class PruneStepTests : IDisposable
{
    readonly Workspace workspace = new();
    readonly List<string> log = [];

    [Fact]
    public async Task A_dry_run_tells_what_would_go_and_why()
    {
        using var server = new ScriptedServer(
            new Answer(
                200,
                """
                {"applied":false,"checked":3,"projects":[],"branches":[
                {"branch":"feature-x","ref":"feature/x","action":"retire","reason":"feature/x is gone in video/streamer."},
                {"branch":"feature-y","ref":"feature/y","action":"keep","reason":"GitLab answers 403."}]}
                """
            )
        );

        await PruneStep.RunAsync(Options(server), apply: false, CancellationToken.None);

        Assert.Equal("/api/gitlab/reconcile?apply=false", Assert.Single(server.Requests).PathAndQuery);
        Assert.Equal(
            [
                "feature-x: would be retired: feature/x is gone in video/streamer.",
                "feature-y: stays: GitLab answers 403.",
                "3 branches compared, 1 would change; --apply does it",
            ],
            log
        );
    }

    [Fact]
    public async Task Apply_tells_what_was_done_and_fails_if_a_project_could_not_be_checked()
    {
        using var server = new ScriptedServer(
            new Answer(
                200,
                """
                {"applied":true,"checked":2,"projects":[{"project":"video/other","reason":"GitLab answers 401."}],"branches":[
                {"branch":"feature-x","ref":"feature/x","action":"restore","reason":"feature/x is back in video/streamer."}]}
                """
            )
        );

        var fault = await Assert.ThrowsAsync<PipelineException>(() =>
            PruneStep.RunAsync(Options(server), apply: true, CancellationToken.None)
        );

        Assert.Equal("1 projects could not be checked, so their branches stay: GitLab answers 401.", fault.Message);
        Assert.Equal("/api/gitlab/reconcile?apply=true", server.Requests[0].PathAndQuery);
        Assert.Equal(["feature-x: restored: feature/x is back in video/streamer.", "2 branches compared, 1 changed"], log);
    }

    [Fact]
    public async Task Without_a_server_it_says_how_to_name_one()
    {
        var fault = await Assert.ThrowsAsync<PipelineException>(() =>
            PruneStep.RunAsync(Options(null), apply: false, CancellationToken.None)
        );

        Assert.Contains("--repository-url", fault.Message, StringComparison.Ordinal);
    }

    RunOptions Options(ScriptedServer? server) =>
        new()
        {
            ManifestFile = workspace.ManifestFile,
            OutputFolder = Path.Combine(workspace.Path, "output"),
            RepositoryUrl = server?.Address.Server.ToString(),
            StartServer = (_, _) => throw new InvalidOperationException("A server of its own follows no GitLab."),
            Display = new PlainLines(_ => { }),
            Log = log.Add,
            Warn = _ => { },
        };

    public void Dispose() => workspace.Dispose();
}
