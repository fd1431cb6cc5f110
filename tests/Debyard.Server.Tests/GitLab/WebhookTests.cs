using System.Net;
using Debyard.Server.Configuration;
using Debyard.Testing.GitLab;

namespace Debyard.Server.Tests.GitLab;

public sealed class WebhookTests
{
    [Theory]
    [InlineData("another-0123456789abcdef")]
    [InlineData("webhook-0123456789abcde")]
    [InlineData("webhook-0123456789abcdefg")]
    public async Task A_wrong_token_is_refused_and_said(string token)
    {
        await using var following = await FollowingServer.StartAsync();
        var project = await following.AddProjectAsync("video/streamer", "feature/x");
        using var forged = following.NewWebhook(token);

        Assert.Equal(HttpStatusCode.Unauthorized, await forged.SendAsync(project, "feature/x", "abc", null));

        Assert.Contains(following.Log, line => line.EndsWith(": Forged", StringComparison.Ordinal));
        Assert.Contains(
            "warning: GitLab: webhooks with an invalid token or signature are refused",
            await following.Server.Http.GetStringAsync("readyz"),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(following.Log, line => line.Contains(FollowingServer.WebhookToken, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_token_or_with_another_signature_it_is_refused()
    {
        var key = SimulatedWebhook.NewSigningToken();
        await using var following = await FollowingServer.StartAsync(webhookToken: key);
        var project = following.GitLab.AddProject("video/streamer", "feature/x");
        using var webhook = following.NewWebhook(key);
        Assert.Equal(HttpStatusCode.Accepted, await webhook.SendAsync(project, "feature/x", "abc", null));
        var last = webhook.Last!;

        foreach (var header in new[] { "webhook-id", "webhook-timestamp", "webhook-signature" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await webhook.SendAsync(With(header, null)));
            Assert.Equal(HttpStatusCode.Unauthorized, await webhook.SendAsync(With(header, "1")));
        }
        Assert.Equal(HttpStatusCode.Unauthorized, await webhook.SendAsync(last with { Body = last.Body + " " }));
        // The key of a signature is no token.
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await webhook.SendAsync(new("{}", new Dictionary<string, string> { ["X-Gitlab-Token"] = key }))
        );
        using var other = following.NewWebhook(SimulatedWebhook.NewSigningToken());
        Assert.Equal(HttpStatusCode.Unauthorized, await other.SendAsync(project, "feature/x", "abc", null));
        // While a key is replaced, there are two signatures.
        using var again = following.NewWebhook(key);
        await again.SendAsync(project, "feature/z", "abc", null);
        var signature = again.Last!.Headers["webhook-signature"];
        Assert.Equal(
            HttpStatusCode.Accepted,
            await again.SendAsync(
                again.Last with
                {
                    Headers = new Dictionary<string, string>(again.Last.Headers) { ["webhook-signature"] = $"v1,AAAA {signature}" },
                }
            )
        );

        SimulatedWebhook.Delivery With(string header, string? value)
        {
            var headers = new Dictionary<string, string>(last.Headers);
            headers.Remove(header);
            if (value is not null)
                headers[header] = value;
            return last with { Headers = headers };
        }
    }

    [Theory]
    [InlineData(6)]
    [InlineData(-6)]
    public async Task A_signed_webhook_of_another_time_is_refused_and_the_clock_is_named(int minutes)
    {
        var key = SimulatedWebhook.NewSigningToken();
        await using var following = await FollowingServer.StartAsync(webhookToken: key);
        var project = following.GitLab.AddProject("video/streamer", "feature/x");
        using var webhook = following.NewWebhook(key);
        webhook.ClockError = TimeSpan.FromMinutes(minutes);

        Assert.Equal(HttpStatusCode.Unauthorized, await webhook.SendAsync(project, "feature/x", "abc", null));

        Assert.Contains(following.Log, line => line.EndsWith(": WrongTime", StringComparison.Ordinal));
        Assert.Contains("compare both clocks", await following.Server.Http.GetStringAsync("readyz"), StringComparison.Ordinal);
        webhook.ClockError = TimeSpan.FromMinutes(minutes > 0 ? 4 : -4);
        Assert.Equal(HttpStatusCode.Accepted, await webhook.SendAsync(project, "feature/x", "abc", null));
    }

    [Fact]
    public async Task A_webhook_sent_again_is_received_and_does_nothing()
    {
        var key = SimulatedWebhook.NewSigningToken();
        await using var following = await FollowingServer.StartAsync(webhookToken: key);
        var project = await following.AddProjectAsync("video/streamer", "feature/x");
        project.Webhook = following.NewWebhook(key);
        await SimulatedGitLab.DeleteAsync(project, "feature/x");
        await following.ExpectAsync("feature-x", exists: false);
        await SimulatedGitLab.PushAsync(project, "feature/x");
        await following.ExpectAsync("feature-x", exists: true);

        Assert.Equal(HttpStatusCode.Accepted, await project.Webhook.SendAsync(project.Webhook.Last!));

        Assert.Contains(following.Log, line => line.EndsWith(": Repeated", StringComparison.Ordinal));
        Assert.Equal("ready\n", await following.Server.Http.GetStringAsync("readyz"));
    }

    [Theory]
    [InlineData("""{"object_kind":"tag_push","ref":"refs/tags/v1","before":"1"}""", HttpStatusCode.Accepted)]
    [InlineData("""{"object_kind":"merge_request"}""", HttpStatusCode.Accepted)]
    [InlineData("""{"object_kind":"push","ref":"refs/heads/","project":{"path_with_namespace":"a/b"}}""", HttpStatusCode.Accepted)]
    [InlineData("{}", HttpStatusCode.Accepted)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("""{"object_kind":""", HttpStatusCode.BadRequest)]
    [InlineData("", HttpStatusCode.BadRequest)]
    public async Task Other_events_are_received_and_what_is_none_is_refused(string body, HttpStatusCode answer)
    {
        await using var following = await FollowingServer.StartAsync();
        using var webhook = following.NewWebhook(FollowingServer.WebhookToken);

        Assert.Equal(answer, await webhook.SendAsync(body, "Some Hook"));
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        await using var following = await FollowingServer.StartAsync();
        using var webhook = following.NewWebhook(FollowingServer.WebhookToken);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await webhook.SendAsync(new string(' ', 4_200_000), "Push Hook"));
    }

    [Fact]
    public async Task A_secret_counts_only_for_its_projects()
    {
        await using var gitLab = await SimulatedGitLab.StartAsync();
        var root = "";
        await using var server = await RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new() { Root = root },
                GitLab = new GitLabOptions(gitLab.Url, SimulatedGitLab.Token, [new("video/*")])
                {
                    Webhooks = [new WebhookSecret("own", "own-0123456789abcdef") { Projects = [new("video/own")] }],
                },
            }
        );
        var project = gitLab.AddProject("video/other", "feature/x");
        using var webhook = new SimulatedWebhook(new Uri(server.Url, "api/gitlab/webhook"), "own-0123456789abcdef");
        gitLab.Exchanges.Clear();

        Assert.Equal(HttpStatusCode.Accepted, await webhook.SendAsync(project, "feature/x", "abc", null));
        Assert.Empty(gitLab.Exchanges);
    }
}
