using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Debyard.Testing.GitLab;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Tests.GitLab;

/// <summary>Whatever GitLab answers, no branch is retired that it has, and what is wrong is said.</summary>
public sealed class GitLabFaultTests
{
    delegate Task Break(FollowingServer following, SimulatedProject project);

    static readonly Dictionary<string, (string Fault, Break Break)> faults = new()
    {
        ["it refuses connections"] = ("Unreachable", async (following, _) => await following.GitLab.DisposeAsync()),
        ["it closes connections"] = (
            "Unreachable",
            Instead(
                (http, _) =>
                {
                    http.Abort();
                    return Task.FromResult(true);
                }
            )
        ),
        ["401"] = ("Unauthorized", Instead(401, """{"message":"401 Unauthorized"}""")),
        ["403"] = ("Forbidden", Instead(403, """{"error":"insufficient_scope"}""")),
        ["404 from a proxy"] = ("NotFound", Instead(404, "<html>not found</html>")),
        ["429"] = ("RateLimited", Instead(429, "Retry later\n")),
        ["500"] = ("ServerError", Instead(500, """{"message":"500 Internal Server Error"}""")),
        ["502 from a proxy"] = ("ServerError", Instead(502, "<html>Bad Gateway</html>")),
        ["a login page"] = ("Unreadable", Instead(200, "<html>Sign in</html>")),
        ["truncated JSON"] = ("Unreadable", Instead(200, """{"id":1,"path_with_namespace":"video/str""")),
        ["null"] = ("Unreadable", Instead(200, "null")),
        ["a body that ends early"] = (
            "Unreachable",
            Instead(
                async (http, _) =>
                {
                    http.Response.ContentLength = 10_000;
                    await http.Response.WriteAsync("""{"id":1,""");
                    http.Abort();
                    return true;
                }
            )
        ),
        ["an empty list"] = ("Incomplete", InsteadOfLists(_ => (200, "[]"))),
        ["a list without the default branch"] = ("Incomplete", InsteadOfLists(_ => (200, """[{"name":"other"}]"""))),
        ["an object instead of a list"] = ("Unreadable", InsteadOfLists(_ => (200, """{"message":"odd"}"""))),
        ["a list that is cut off"] = ("Unreadable", InsteadOfLists(_ => (200, """[{"name":"main"},{"name":"fea"""))),
        ["paging lost midway"] = ("ServerError", InsteadOfLists(page => page == 1 ? null : (503, "busy"))),
        ["an expired token"] = ("Unauthorized", Do((following, _) => following.GitLab.IsTokenExpired = true)),
        ["a renamed project"] = ("Moved", Do((following, project) => following.GitLab.Move(project, "video/renamed"))),
        ["a moved project"] = ("Moved", Do((following, project) => following.GitLab.Move(project, "web/streamer"))),
        ["an archived project"] = ("Archived", Do((_, project) => project.IsArchived = true)),
        ["a deleted project"] = ("NotFound", Do((following, project) => following.GitLab.Delete(project))),
        ["a lost repository"] = ("Incomplete", Do((_, project) => project.Clear())),
        ["a missing default branch"] = ("Incomplete", Do((_, project) => project.Remove("main"))),
    };

    public static TheoryData<string> Faults => [.. faults.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task No_branch_goes_and_the_log_a_metric_and_readyz_say_why(string name)
    {
        var (fault, breakIt) = faults[name];
        await using var following = await FollowingServer.StartAsync();
        // Two pages.
        var project = await following.AddProjectAsync("video/streamer", "feature/x", "feature/y");
        for (var i = 0; i < 120; i++)
            project.Set($"other/{i}");
        var counted = new ConcurrentBag<string>();
        using var listener = Listen(counted);
        // One is really gone, but who could know?
        project.Webhook = null;
        project.Remove("feature/y");
        await breakIt(following, project);

        var answer = await following.AnswerAsync();

        Assert.Equal(["feature-x keep", "feature-y keep"], FollowingServer.Changes(answer));
        Assert.Equal("video/streamer", (string?)Assert.Single(answer["projects"]!.AsArray())!["project"]);
        Assert.Equal(["feature-x", "feature-y"], await following.BranchesAsync());
        var reason = (string)answer["projects"]![0]!["reason"]!;
        Assert.Contains(following.Log, line => line == $"Warning: Branches of video/streamer stay: {reason}");
        Assert.Contains(fault, counted);
        var ready = await following.Server.Http.GetStringAsync("readyz");
        Assert.StartsWith("ready\nwarning: GitLab: 1 projects cannot be checked", ready, StringComparison.Ordinal);
        Assert.Contains($"({fault} 1)", ready, StringComparison.Ordinal);
        Assert.DoesNotContain("streamer", ready, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_webhook_alone_retires_nothing(string name)
    {
        await using var following = await FollowingServer.StartAsync();
        var project = await following.AddProjectAsync("video/streamer", "feature/x");
        var trusted = await following.AddProjectAsync("video/trusted", "sentinel");
        using var webhook = following.NewWebhook(FollowingServer.WebhookToken);
        var deletion = project.Set("feature/x");
        await faults[name].Break(following, project);

        await webhook.SendAsync(project, "feature/x", deletion.After, after: null);
        Assert.Equal(202, (int)await webhook.SendAsync(project, "feature/x", deletion.After, after: null));

        if (following.GitLab.Instead is null && !following.GitLab.IsTokenExpired && name != "it refuses connections")
        {
            // Webhooks are followed in their order.
            await SimulatedGitLab.DeleteAsync(trusted, "sentinel");
            await following.ExpectAsync("sentinel", exists: false);
        }
        Assert.Contains("feature-x", await following.BranchesAsync());
    }

    [Fact]
    public async Task When_all_is_well_again_the_warnings_end_and_what_is_gone_goes()
    {
        await using var following = await FollowingServer.StartAsync();
        var project = await following.AddProjectAsync("video/streamer", "feature/x");
        project.Remove("feature/x");
        following.GitLab.IsTokenExpired = true;
        Assert.Equal(["feature-x keep"], await following.CompareAsync());

        following.GitLab.IsTokenExpired = false;

        Assert.Equal(["feature-x retire"], await following.CompareAsync());
        Assert.Equal("ready\n", await following.Server.Http.GetStringAsync("readyz"));
    }

    [Fact]
    public async Task No_request_is_sent_while_GitLab_asks_to_wait()
    {
        var clock = new Clock();
        await using var following = await FollowingServer.StartAsync(time: clock);
        await following.AddProjectAsync("video/streamer", "feature/x");
        await following.AddProjectAsync("video/other", "feature/y");
        var requests = 0;
        following.GitLab.Instead = (http, _) =>
        {
            requests++;
            http.Response.StatusCode = 429;
            http.Response.Headers.RetryAfter = "120";
            return Task.FromResult(true);
        };

        Assert.Equal(["feature-x keep", "feature-y keep"], await following.CompareAsync());
        clock.Advance(TimeSpan.FromSeconds(119));
        await following.CompareAsync();
        Assert.Equal(1, requests);

        clock.Advance(TimeSpan.FromSeconds(2));
        following.GitLab.Instead = null;
        Assert.Empty(await following.CompareAsync());
    }

    [Fact]
    public async Task A_branch_that_a_list_lacks_but_GitLab_has_stays()
    {
        await using var following = await FollowingServer.StartAsync();
        await following.AddProjectAsync("video/streamer", "feature/x");
        await InsteadOfLists(_ => (200, """[{"name":"main"}]"""))(following, null!);

        Assert.Empty(await following.CompareAsync());
        Assert.Contains(following.Log, line => line.Contains("lacked feature/x, which exists", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_whose_next_page_is_lost_retires_nothing()
    {
        await using var following = await FollowingServer.StartAsync();
        var project = await following.AddProjectAsync("video/streamer", "zz/x");
        for (var i = 0; i < 120; i++)
            project.Set($"other/{i}");
        var page = string.Join(',', project.Branches.Take(100).Select(branch => $$"""{"name":"{{branch.Name}}"}"""));
        // Without X-Next-Page and X-Total-Pages, as behind a proxy that removes headers.
        await InsteadOfLists(_ => (200, $"[{page}]"))(following, project);

        Assert.Empty(await following.CompareAsync());
        Assert.Equal(["zz-x"], await following.BranchesAsync());
    }

    [Fact]
    public async Task One_broken_project_does_not_keep_the_branches_of_others()
    {
        await using var following = await FollowingServer.StartAsync();
        var broken = await following.AddProjectAsync("video/broken", "feature/x");
        var well = await following.AddProjectAsync("video/well", "feature/y", "feature/x");
        broken.IsArchived = true;
        well.Remove("feature/x");
        well.Remove("feature/y");

        Assert.Equal(["feature-x keep", "feature-y retire"], await following.CompareAsync());
    }

    static MeterListener Listen(ConcurrentBag<string> counted)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "debyard.gitlab.faults")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => counted.Add((string)tags[0].Value!));
        listener.Start();
        return listener;
    }

    static Break Do(Action<FollowingServer, SimulatedProject> act) =>
        (following, project) =>
        {
            act(following, project);
            return Task.CompletedTask;
        };

    static Break Instead(Func<HttpContext, string, Task<bool>> answer) => Do((following, _) => following.GitLab.Instead = answer);

    static Break Instead(int status, string body) =>
        Instead(
            async (http, _) =>
            {
                http.Response.StatusCode = status;
                http.Response.ContentType = "application/json";
                await http.Response.WriteAsync(body);
                return true;
            }
        );

    // By the number of the page; null: the real answer.
    static Break InsteadOfLists(Func<int, (int Status, string Body)?> answer) =>
        Instead(
            async (http, target) =>
            {
                if (!target.Contains("/repository/branches?", StringComparison.Ordinal))
                    return false;
                var page = int.Parse(http.Request.Query["page"]!, System.Globalization.CultureInfo.InvariantCulture);
                if (answer(page) is not var (status, body))
                    return false;
                http.Response.StatusCode = status;
                http.Response.ContentType = "application/json";
                await http.Response.WriteAsync(body);
                return true;
            }
        );
}
