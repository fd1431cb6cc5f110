using GitLabApiClient.Models.Webhooks.Requests;

namespace GitLabApiClient.Tests;

public sealed class WebhookTests(FakeGitLab gitLab) : IClassFixture<FakeGitLab>
{
    const string Hooks = "/api/v4/projects/42/hooks";

    const string Json = """
        {"id":5000000000,"url":"https://debyard.example/hooks","push_events":true,"push_events_branch_filter":"","tag_push_events":false,
         "confidential_issues_events":null,"enable_ssl_verification":true,"created_at":"2024-10-12T17:04:47Z"}
        """;

    [Fact]
    public async Task Hooks_are_listed_and_looked_up()
    {
        gitLab.Answer($"GET {Hooks}?per_page=100&page=1", $"[{Json}]");
        gitLab.Answer($"GET {Hooks}/5000000000", Json);
        var listed = Assert.Single(await gitLab.Client.Webhooks.GetAsync(42));
        var hook = await gitLab.Client.Webhooks.GetAsync(42, listed.Id);

        Assert.Equal((5_000_000_000, "https://debyard.example/hooks"), (hook.Id, hook.Url));
        Assert.Equal(
            (true, false, false, true),
            (hook.PushEvents, hook.TagPushEvents, hook.ConfidentialIssuesEvents, hook.EnableSslVerification)
        );
        Assert.Equal(new DateTimeOffset(2024, 10, 12, 17, 4, 47, TimeSpan.Zero), hook.CreatedAt);
        gitLab.Requests.Clear();
    }

    [Fact]
    public async Task A_hook_is_created_with_what_is_said_and_no_more()
    {
        gitLab.Answer($"POST {Hooks}", Json, 201);
        await gitLab.Client.Webhooks.CreateAsync(
            42,
            new CreateWebhookRequest("https://debyard.example/hooks")
            {
                PushEvents = true,
                TagPushEvents = false,
                EnableSslVerification = true,
                Token = "secret",
            }
        );
        Assert.True(gitLab.Requests.TryDequeue(out var request));
        AssertJson.Equal(
            """
            {"url":"https://debyard.example/hooks","push_events":true,"tag_push_events":false,
             "enable_ssl_verification":true,"token":"secret"}
            """,
            request.Body
        );
        Assert.Throws<ArgumentException>(() => new CreateWebhookRequest(""));
    }

    [Fact]
    public async Task A_hook_is_changed_and_deleted()
    {
        gitLab.Answer($"PUT {Hooks}/5", Json);
        await gitLab.Client.Webhooks.UpdateAsync(42, 5, new CreateWebhookRequest("https://debyard.example/hooks") { JobEvents = true });
        Assert.True(gitLab.Requests.TryDequeue(out var request));
        AssertJson.Equal("""{"url":"https://debyard.example/hooks","job_events":true}""", request.Body);

        gitLab.Answer($"DELETE {Hooks}/5", "", 204);
        await gitLab.Client.Webhooks.DeleteAsync(42, 5);
        Assert.Equal($"DELETE {Hooks}/5", gitLab.Only);
    }
}
