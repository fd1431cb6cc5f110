using GitLabApiClient.Models.Branches.Requests;
using GitLabApiClient.Models.Branches.Responses;

namespace GitLabApiClient.Tests;

public sealed class BranchTests(FakeGitLab gitLab) : IClassFixture<FakeGitLab>
{
    const string Branches = "/api/v4/projects/streaming%2Fmedia/repository/branches";

    const string Json = """
        {"name":"feature/x","merged":false,"protected":true,"default":true,"developers_can_push":true,"can_push":true,
         "commit":{"id":"7b5c3cc8be40ee161ae89a06bba6229da1032a0c","short_id":"7b5c3cc","created_at":"2024-06-28T03:44:20-07:00",
                   "parent_ids":["4ad91d3c"],"title":"add","committed_date":"2024-06-28T03:44:20-07:00"}}
        """;

    [Fact]
    public async Task A_branch_has_its_commit()
    {
        gitLab.Answer($"GET {Branches}/main", Json);
        var branch = await gitLab.Client.Branches.GetAsync("streaming/media", "main");
        Assert.Equal(("feature/x", false, true, true), (branch.Name, branch.Merged, branch.Protected, branch.Default));
        Assert.Equal("7b5c3cc8be40ee161ae89a06bba6229da1032a0c", branch.Commit.Id);
        Assert.Equal(["4ad91d3c"], branch.Commit.ParentIds);
        Assert.Equal("2024-06-28T03:44:20-07:00", branch.Commit.CommittedDate);
        gitLab.Requests.Clear();
    }

    [Fact]
    public async Task A_slash_in_a_name_is_a_slash_in_the_path()
    {
        await Assert.ThrowsAsync<GitLabException>(() => gitLab.Client.Branches.GetAsync("streaming/media", "feature/x"));
        Assert.Equal($"GET {Branches}/feature/x", gitLab.Only);
        await Assert.ThrowsAsync<GitLabException>(() => gitLab.Client.Branches.DeleteBranch("streaming/media", "feature/x"));
        Assert.Equal($"DELETE {Branches}/feature/x", gitLab.Only);
    }

    [Fact]
    public async Task Branches_are_searched()
    {
        gitLab.Answer($"GET {Branches}?search=%5Efeature%2F&per_page=100&page=1", $"[{Json}]");
        Assert.Equal(
            "feature/x",
            Assert.Single(await gitLab.Client.Branches.GetAsync("streaming/media", o => o.Search = "^feature/")).Name
        );
        gitLab.Requests.Clear();
    }

    [Fact]
    public async Task A_branch_is_created_from_a_ref()
    {
        gitLab.Answer($"POST {Branches}", Json, 201);
        Assert.Equal(
            "feature/x",
            (await gitLab.Client.Branches.CreateAsync("streaming/media", new CreateBranchRequest("feature/x", "main"))).Name
        );
        Assert.True(gitLab.Requests.TryDequeue(out var request));
        AssertJson.Equal("""{"branch":"feature/x","ref":"main"}""", request.Body);

        Assert.Throws<ArgumentException>(() => new CreateBranchRequest("", "main"));
        Assert.Throws<ArgumentException>(() => new CreateBranchRequest("x", ""));
    }

    [Fact]
    public async Task Branches_are_deleted()
    {
        gitLab.Answer($"DELETE {Branches}/old", "", 204);
        await gitLab.Client.Branches.DeleteBranch("streaming/media", "old");
        Assert.Equal($"DELETE {Branches}/old", gitLab.Only);

        gitLab.Answer("DELETE /api/v4/projects/42/repository/merged_branches", """{"message":"202 Accepted"}""", 202);
        await gitLab.Client.Branches.DeleteMergedBranches(42);
        Assert.Equal("DELETE /api/v4/projects/42/repository/merged_branches", gitLab.Only);
    }

    [Fact]
    public async Task Protected_branches_say_who_may_push()
    {
        const string Protected = """{"name":"main","push_access_levels":[{"access_level":40,"access_level_description":"Maintainers"}]}""";
        gitLab.Answer("GET /api/v4/projects/42/protected_branches?per_page=100&page=1", $"[{Protected}]");
        gitLab.Answer("GET /api/v4/projects/42/protected_branches/main", Protected);
        gitLab.Answer("DELETE /api/v4/projects/42/protected_branches/main", "", 204);

        var listed = Assert.Single(await gitLab.Client.Branches.GetProtectedBranchesAsync(42));
        var one = await gitLab.Client.Branches.GetProtectedBranchesAsync(42, "main");
        await gitLab.Client.Branches.UnprotectBranchAsync(42, "main");

        Assert.Equal(("main", "main"), (listed.Name, one.Name));
        Assert.Equal(ProtectedRefAccessLevels.MaintainerAccess, Assert.Single(listed.PushAccessLevels).AccessLevel);
        gitLab.Requests.Clear();
    }
}
