using GitLabApiClient.Models.Releases.Requests;
using GitLabApiClient.Models.Tags.Requests;

namespace GitLabApiClient.Tests;

public sealed class TagAndReleaseTests(FakeGitLab gitLab) : IClassFixture<FakeGitLab>
{
    const string Tags = "/api/v4/projects/42/repository/tags";
    const string Releases = "/api/v4/projects/42/releases";

    const string Tag = """
        {"name":"v1.0","message":null,"target":"2695effb","commit":{"id":"2695effb","message":"Initial"},
         "release":{"tag_name":"v1.0","description":"First"}}
        """;

    const string Release = """
        {"tag_name":"v1.0","name":"One","description":"First","created_at":"2024-01-03T01:56:19.539Z",
         "released_at":"2024-01-03T01:56:19.539Z",
         "author":{"id":1,"username":"root","expires_at":null},"commit":{"id":"2695effb"},
         "assets":{"count":2,"sources":[{"format":"zip","url":"https://x/v1.0.zip"}],
         "links":[{"id":3,"name":"deb","url":"https://x","external":true}]}}
        """;

    [Fact]
    public async Task Tags_are_listed_newest_name_first()
    {
        gitLab.Answer($"GET {Tags}?order_by=name&sort=desc&per_page=100&page=1", $"[{Tag}]");
        var tag = Assert.Single(await gitLab.Client.Tags.GetAsync(42));
        Assert.Equal(("v1.0", "2695effb", null, "First"), (tag.Name, tag.Commit.Id, tag.Message, tag.Release.Description));

        gitLab.Answer($"GET {Tags}?search=%5Ev1&order_by=updated&sort=asc&per_page=100&page=1", "[]");
        Assert.Empty(await gitLab.Client.Tags.GetAsync(42, o => (o.Search, o.OrderBy, o.Sort) = ("^v1", TagOrder.Updated, TagSort.Asc)));
        gitLab.Requests.Clear();
    }

    [Fact]
    public async Task A_tag_is_created_looked_up_and_deleted()
    {
        gitLab.Answer($"POST {Tags}", Tag, 201);
        await gitLab.Client.Tags.CreateAsync(42, new CreateTagRequest("v1.0", "main", "Version 1", null));
        Assert.True(gitLab.Requests.TryDequeue(out var request));
        AssertJson.Equal("""{"tag_name":"v1.0","ref":"main","message":"Version 1"}""", request.Body);

        gitLab.Answer($"GET {Tags}/v1.0", Tag);
        Assert.Equal("v1.0", (await gitLab.Client.Tags.GetAsync(42, "v1.0")).Name);
        Assert.Equal($"GET {Tags}/v1.0", gitLab.Only);

        gitLab.Answer($"DELETE {Tags}/release/1", "", 204);
        await gitLab.Client.Tags.DeleteAsync(42, "release/1");
        Assert.Equal($"DELETE {Tags}/release/1", gitLab.Only);
    }

    [Fact]
    public async Task A_release_has_its_author_commit_and_assets()
    {
        gitLab.Answer($"GET {Releases}?per_page=100&page=1", $"[{Release}]");
        gitLab.Answer($"GET {Releases}/v1.0", Release);
        Assert.Single(await gitLab.Client.Releases.GetAsync(42));
        var release = await gitLab.Client.Releases.GetAsync(42, "v1.0");

        Assert.Equal(("v1.0", "One", "First"), (release.TagName, release.ReleaseName, release.Description));
        Assert.Equal(new DateTime(2024, 1, 3, 1, 56, 19, 539, DateTimeKind.Utc), release.ReleasedAt);
        Assert.Equal(("root", "2695effb"), (release.Author.Username, release.Commit.Id));
        Assert.Equal(
            ("zip", "deb", true),
            (release.Assets.Sources[0].Format, release.Assets.Links[0].Name, release.Assets.Links[0].External)
        );
        gitLab.Requests.Clear();
    }

    [Fact]
    public async Task A_release_is_created_with_its_tag()
    {
        gitLab.Answer($"POST {Releases}", Release, 201);
        var time = new DateTime(2024, 1, 3, 1, 56, 19, DateTimeKind.Utc);
        await gitLab.Client.Releases.CreateAsync(42, new CreateReleaseRequest("One", "v1.0", "First", time) { Ref = "main" });
        Assert.True(gitLab.Requests.TryDequeue(out var request));
        AssertJson.Equal(
            """{"name":"One","tag_name":"v1.0","description":"First","released_at":"2024-01-03T01:56:19Z","ref":"main"}""",
            request.Body
        );

        Assert.InRange(new CreateReleaseRequest("One", "v1.0", "").ReleasedAt!.Value, DateTime.Now.AddMinutes(-1), DateTime.Now);
    }

    [Fact]
    public async Task A_tag_with_a_slash_is_encoded_for_update_and_deletion_only()
    {
        gitLab.Answer($"PUT {Releases}/release%2F1", Release);
        await gitLab.Client.Releases.UpdateAsync(42, "release/1", new UpdateReleaseRequest("One", "Changed"));
        Assert.True(gitLab.Requests.TryDequeue(out var request));
        AssertJson.Equal("""{"name":"One","description":"Changed"}""", request.Body);

        gitLab.Answer($"DELETE {Releases}/release%2F1", Release);
        await gitLab.Client.Releases.DeleteAsync(42, "release/1");
        Assert.Equal($"DELETE {Releases}/release%2F1", gitLab.Only);

        await Assert.ThrowsAsync<GitLabException>(() => gitLab.Client.Releases.GetAsync(42, "release/1"));
        Assert.Equal($"GET {Releases}/release/1", gitLab.Only);
    }
}
