using System.Net;
using Debyard.Testing.GitLab;

namespace Debyard.Server.Tests.GitLab;

public sealed class BranchLifeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_webhook_retires_a_deleted_branch_and_brings_it_back_to_the_byte(bool isSigned)
    {
        var secret = isSigned ? SimulatedWebhook.NewSigningToken() : FollowingServer.WebhookToken;
        await using var following = await FollowingServer.StartAsync(webhookToken: secret);
        var project = await following.AddProjectAsync("video/streamer", "feature/x");
        project.Webhook = following.NewWebhook(secret);
        await following.Server.PutAsync("feature-x", await SamplePackage.MakeAsync());
        var inRelease = await following.Server.InReleaseAsync("feature-x");

        await SimulatedGitLab.DeleteAsync(project, "feature/x");
        await following.ExpectAsync("feature-x", exists: false);
        await SimulatedGitLab.PushAsync(project, "feature/x");
        await following.ExpectAsync("feature-x", exists: true);

        Assert.Equal(inRelease, await following.Server.InReleaseAsync("feature-x"));
        Assert.Equal(["restored", "retired"], await ActsAsync(following, "feature-x", 2));
    }

    [Fact]
    public async Task Four_branches_deleted_in_one_push_send_no_webhook_and_are_found_by_comparing()
    {
        await using var following = await FollowingServer.StartAsync();
        var project = await following.AddProjectAsync("video/streamer", "a", "b", "c", "d", "e");

        await SimulatedGitLab.DeleteAsync(project, "a", "b", "c", "d");
        Assert.Equal(["a", "b", "c", "d", "e"], await following.BranchesAsync());
        Assert.Equal(["a retire", "b retire", "c retire", "d retire"], await following.CompareAsync(apply: false));
        Assert.Equal(["a", "b", "c", "d", "e"], await following.BranchesAsync());

        Assert.Equal(["a retire", "b retire", "c retire", "d retire"], await following.CompareAsync());
        Assert.Equal(["e"], await following.BranchesAsync());
        project.Set("b");
        Assert.Equal(["b restore"], await following.CompareAsync());
        Assert.Equal(["b", "e"], await following.BranchesAsync());
        Assert.Empty(await following.CompareAsync());
    }

    [Fact]
    public async Task The_timer_does_it_alone_and_finds_what_happened_while_the_server_was_stopped()
    {
        await using var following = await FollowingServer.StartAsync(interval: TimeSpan.FromMilliseconds(20));
        var project = await following.AddProjectAsync("video/streamer", "feature/x");
        project.Webhook = null;

        await SimulatedGitLab.DeleteAsync(project, "feature/x");
        await following.ExpectAsync("feature-x", exists: false);
        await SimulatedGitLab.PushAsync(project, "feature/x");
        await following.ExpectAsync("feature-x", exists: true);
        await following.Server.StopAsync();
        await SimulatedGitLab.DeleteAsync(project, "feature/x");
        await following.Server.RestartAsync();
        await following.ExpectAsync("feature-x", exists: false);
    }

    [Fact]
    public async Task A_branch_stays_while_one_of_its_owner_projects_has_it()
    {
        await using var following = await FollowingServer.StartAsync();
        var server = await following.AddProjectAsync("video/server", "feature/x");
        var client = await following.AddProjectAsync("video/client", "feature/x");

        server.Webhook = null;
        await SimulatedGitLab.DeleteAsync(server, "feature/x");
        Assert.Equal(["feature-x removeOwner"], await following.CompareAsync());
        var owners = (await following.Server.GetAsync("api/branches/feature-x"))["owners"]!.AsArray();
        Assert.Equal(["video/client"], owners.Select(owner => (string?)owner));

        await SimulatedGitLab.DeleteAsync(client, "feature/x");
        await following.ExpectAsync("feature-x", exists: false);
    }

    [Fact]
    public async Task A_branch_pushed_again_before_its_deletion_arrives_stays()
    {
        await using var following = await FollowingServer.StartAsync();
        var project = await following.AddProjectAsync("video/streamer", "feature/x", "sentinel");
        var webhook = project.Webhook!;
        project.Webhook = null;

        var deletion = project.Remove("feature/x");
        var creation = project.Set("feature/x");
        await webhook.SendAsync(project, "feature/x", creation.Before, creation.After);
        await webhook.SendAsync(project, "feature/x", deletion.Before, deletion.After);
        // Webhooks are followed in their order.
        project.Webhook = webhook;
        await SimulatedGitLab.DeleteAsync(project, "sentinel");
        await following.ExpectAsync("sentinel", exists: false);

        Assert.Equal(["feature-x"], await following.BranchesAsync());
        Assert.Equal(["created"], await ActsAsync(following, "feature-x", 10));
    }

    [Fact]
    public async Task Refs_with_one_slug_are_told_apart()
    {
        await using var following = await FollowingServer.StartAsync();
        var project = await following.AddProjectAsync("video/streamer", "feature/x", "feature-x");
        var second = (await following.BranchesAsync()).Single(folder => folder != "feature-x");

        await SimulatedGitLab.DeleteAsync(project, "feature-x");
        await following.ExpectAsync(second, exists: false);
        Assert.Empty(await following.CompareAsync());
        await SimulatedGitLab.DeleteAsync(project, "feature/x");
        await following.ExpectAsync("feature-x", exists: false);
    }

    [Fact]
    public async Task The_default_branch_releases_and_branches_of_unknown_projects_or_refs_stay()
    {
        await using var following = await FollowingServer.StartAsync();
        await following.AddProjectAsync("video/streamer");
        await following.OwnAsync("video/streamer", "main");
        await following.OwnAsync("video/streamer", "release/1");
        await following.OwnAsync("web/other", "feature/y");
        await following.Server.PutAsync("feature-z", await SamplePackage.MakeAsync());

        Assert.Equal(["feature-y keep"], await following.CompareAsync());
        Assert.Equal(["feature-y", "feature-z", "main", "release-1"], await following.BranchesAsync());
    }

    [Fact]
    public async Task A_job_that_stops_its_environment_retires_the_branch_even_twice_and_it_returns_only_after_it_was_gone()
    {
        await using var following = await FollowingServer.StartAsync();
        var project = await following.AddProjectAsync("video/streamer", "feature/x");
        project.Webhook = null;

        for (var i = 0; i < 2; i++)
            Assert.True((bool)(await StopAsync())["retired"]!);
        Assert.Empty(await following.CompareAsync());
        Assert.Empty(await following.BranchesAsync());

        await SimulatedGitLab.DeleteAsync(project, "feature/x");
        Assert.Empty(await following.CompareAsync());
        await SimulatedGitLab.PushAsync(project, "feature/x");
        Assert.Equal(["feature-x restore"], await following.CompareAsync());

        Task<System.Text.Json.Nodes.JsonNode> StopAsync() =>
            following.Server.JsonAsync(HttpMethod.Delete, "api/branches?ref=feature/x", project: "video/streamer");
    }

    [Fact]
    public async Task After_the_grace_period_a_branch_that_returns_starts_anew()
    {
        var clock = new Clock();
        await using var following = await FollowingServer.StartAsync(time: clock);
        var project = await following.AddProjectAsync("video/streamer", "feature/x");
        await SimulatedGitLab.DeleteAsync(project, "feature/x");
        await following.ExpectAsync("feature-x", exists: false);
        clock.Advance(TimeSpan.FromDays(8));
        await following.Server.CollectGarbageAsync();

        project.Set("feature/x");

        Assert.Empty(await following.CompareAsync());
        Assert.Empty(await following.BranchesAsync());
    }

    [Fact]
    public async Task Ten_thousand_branches_are_compared_without_a_count_of_pages()
    {
        await using var following = await FollowingServer.StartAsync();
        var project = await following.AddProjectAsync("video/streamer", "feature/x", "zz/gone", "zz/last");
        for (var i = 0; i < 10_000; i++)
            project.Set($"feature/{i:00000}");
        project.Remove("zz/gone");

        Assert.Equal(["zz-gone retire"], await following.CompareAsync());
        Assert.Equal(["feature-x", "zz-last"], await following.BranchesAsync());
    }

    [Fact]
    public async Task A_wrong_query_or_a_missing_ref_is_told()
    {
        await using var following = await FollowingServer.StartAsync();
        await following.Server.JsonAsync(HttpMethod.Post, "api/gitlab/reconcile?apply=yes", expected: HttpStatusCode.BadRequest);
        await following.Server.JsonAsync(HttpMethod.Delete, "api/branches", expected: HttpStatusCode.BadRequest);
        await following.Server.JsonAsync(HttpMethod.Delete, "api/branches?ref=feature/x", expected: HttpStatusCode.NotFound);
    }

    static async Task<string[]> ActsAsync(FollowingServer following, string branch, int limit) =>
        [
            .. (await following.Server.GetAsync($"api/journal?branch={branch}&limit={limit}"))["entries"]!
                .AsArray()
                .Select(entry => (string)entry!["act"]!),
        ];
}
