using GitLabApiClient.Internal.Paths;
using GitLabApiClient.Models;
using GitLabApiClient.Models.Projects.Requests;
using GitLabApiClient.Models.Projects.Responses;

namespace GitLabApiClient.Tests;

public sealed class ProjectTests(FakeGitLab gitLab) : IClassFixture<FakeGitLab>
{
    const string Json = """
        {"id":42,"name":"Media","path":"media","path_with_namespace":"streaming/media","default_branch":"master","visibility":"internal",
         "web_url":"https://gitlab.example/streaming/media","creator_id":null,"archived":false,"only_allow_merge_if_pipeline_succeeds":null,
         "tag_list":["c","erlang"],"_links":{"self":"https://gitlab.example/api/v4/projects/42","repo_branches":"https://x"},
         "namespace":{"id":7,"full_path":"streaming","kind":"group"},
         "permissions":{"project_access":{"access_level":40},"group_access":null},
         "created_at":"2019-03-01T10:00:00.000Z","new_field":{"any":[1]}}
        """;

    [Fact]
    public async Task A_project_is_found_by_number_path_or_itself()
    {
        gitLab.Answer("GET /api/v4/projects/42", Json);
        gitLab.Answer("GET /api/v4/projects/streaming%2Fmedia", Json);

        var project = await gitLab.Client.Projects.GetAsync(42);
        await gitLab.Client.Projects.GetAsync("streaming/media");
        await gitLab.Client.Projects.GetAsync("streaming%2Fmedia");
        await gitLab.Client.Projects.GetAsync(project);

        Assert.Equal(
            [
                "/api/v4/projects/42",
                "/api/v4/projects/streaming%2Fmedia",
                "/api/v4/projects/streaming%2Fmedia",
                "/api/v4/projects/streaming%2Fmedia",
            ],
            gitLab.Requests.Select(request => request.Target)
        );
        gitLab.Requests.Clear();
    }

    [Fact]
    public void A_project_without_path_or_number_is_none()
    {
        Assert.Equal("5", ((ProjectId)new Project { Id = 5 }).ToString());
        Assert.Throws<ArgumentException>(() => (ProjectId)new Project());
    }

    [Fact]
    public async Task A_project_has_what_GitLab_says()
    {
        gitLab.Answer("GET /api/v4/projects/42", Json);
        var project = await gitLab.Client.Projects.GetAsync(42);
        Assert.Equal(
            (42, "Media", "streaming/media", "master"),
            (project.Id, project.Name, project.PathWithNamespace, project.DefaultBranch)
        );
        Assert.Equal(ProjectVisibilityLevel.Internal, project.Visibility);
        Assert.Equal(["c", "erlang"], project.TagList);
        Assert.Equal("https://gitlab.example/api/v4/projects/42", project.Links.Self);
        Assert.Equal((7, "streaming"), (project.Namespace.Id, project.Namespace.FullPath));
        Assert.Equal(40, project.Permissions.ProjectAccess.AccessLevel);
        Assert.Null(project.Permissions.GroupAccess);
        Assert.Equal((0, null), (project.CreatorId, project.OnlyAllowMergeIfPipelineSucceeds));
        Assert.Equal("2019-03-01T10:00:00.000Z", project.CreatedAt);
        gitLab.Requests.Clear();
    }

    [Fact]
    public async Task Options_are_sent_where_they_differ_from_GitLabs_defaults()
    {
        gitLab.Answer("GET /api/v4/projects?per_page=100&page=1", $"[{Json}]");
        Assert.Single(await gitLab.Client.Projects.GetAsync());
        Assert.Equal("GET /api/v4/projects?per_page=100&page=1", gitLab.Only);

        const string Filtered =
            "GET /api/v4/projects?visibility=private&order_by=last_activity_at&sort=asc&search=a%20b"
            + "&simple=true&membership=true&last_activity_after=2024-01-02T03%3A04%3A05.0000000Z&per_page=100&page=1";
        gitLab.Answer(Filtered, "[]");
        Assert.Empty(
            await gitLab.Client.Projects.GetAsync(o =>
            {
                o.Visibility = QueryProjectVisibilityLevel.Private;
                o.Order = ProjectsOrder.LastActivityAt;
                o.SortOrder = SortOrder.Ascending;
                o.Filter = "a b";
                o.Simple = true;
                o.IsMemberOf = true;
                o.LastActivityAfter = new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc);
            })
        );
        Assert.Equal(Filtered, gitLab.Only);
    }

    [Fact]
    public async Task A_project_is_created_changed_archived_and_deleted()
    {
        gitLab.Answer("POST /api/v4/projects", Json, 201);
        var create = CreateProjectRequest.FromName("Media");
        create.NamespaceId = 7;
        create.Visibility = ProjectVisibilityLevel.Private;
        create.EnableWiki = false;
        Assert.Equal(42, (await gitLab.Client.Projects.CreateAsync(create)).Id);
        AssertSent("""{"name":"Media","namespace_id":7,"wiki_enabled":false,"visibility":"private"}""");

        gitLab.Answer("PUT /api/v4/projects/42", Json);
        await gitLab.Client.Projects.UpdateAsync(
            42,
            new UpdateProjectRequest("Media")
            {
                DefaultBranch = "main",
                Tags = ["x"],
                Description = "",
            }
        );
        AssertSent("""{"name":"Media","default_branch":"main","tag_list":["x"]}""");

        gitLab.Answer("POST /api/v4/projects/42/archive", Json, 201);
        gitLab.Answer("POST /api/v4/projects/42/unarchive", Json, 201);
        gitLab.Answer("DELETE /api/v4/projects/42", """{"message":"202 Accepted"}""", 202);
        await gitLab.Client.Projects.ArchiveAsync(42);
        await gitLab.Client.Projects.UnArchiveAsync(42);
        await gitLab.Client.Projects.DeleteAsync(42);
        Assert.Equal(["POST", "POST", "DELETE"], gitLab.Requests.Select(r => r.Method));
        gitLab.Requests.Clear();
    }

    [Fact]
    public async Task An_unknown_word_of_an_enumeration_cannot_be_read()
    {
        gitLab.Answer("GET /api/v4/projects/43", """{"id":43,"visibility":"secret"}""");
        await Assert.ThrowsAnyAsync<Exception>(() => gitLab.Client.Projects.GetAsync(43));
        gitLab.Requests.Clear();
    }

    void AssertSent(string json)
    {
        Assert.True(gitLab.Requests.TryDequeue(out var request));
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        AssertJson.Equal(json, request.Body);
    }
}
