using System.Net;

namespace GitLabApiClient.Tests;

public sealed class PagingTests : IAsyncLifetime
{
    readonly FakeGitLab gitLab = new();

    [Fact]
    public async Task All_pages_are_fetched_in_order_where_their_number_is_known()
    {
        for (var page = 1; page <= 7; page++)
            gitLab.Answer(Page(page), Branch(page), headers: [("X-Total-Pages", "7"), ("X-Next-Page", page < 7 ? $"{page + 1}" : "")]);
        Assert.Equal(["b1", "b2", "b3", "b4", "b5", "b6", "b7"], await NamesAsync());
        Assert.Equal(7, gitLab.Requests.Count);
    }

    [Fact]
    public async Task Pages_are_followed_where_GitLab_does_not_count_them()
    {
        gitLab.Answer(Page(1), Branch(1), headers: ("X-Next-Page", "2"));
        gitLab.Answer(Page(2), Branch(2), headers: ("X-Next-Page", "3"));
        gitLab.Answer(Page(3), Branch(3), headers: ("X-Next-Page", ""));
        Assert.Equal(["b1", "b2", "b3"], await NamesAsync());
    }

    [Fact]
    public async Task One_page_is_one_request()
    {
        gitLab.Answer(Page(1), Branch(1), headers: [("X-Total-Pages", "1"), ("X-Next-Page", "")]);
        Assert.Equal(["b1"], await NamesAsync());
        Assert.Equal(Page(1), gitLab.Only);
    }

    [Fact]
    public async Task A_page_that_fails_fails_the_whole_list()
    {
        gitLab.Answer(Page(1), Branch(1), headers: ("X-Total-Pages", "3"));
        gitLab.Answer(Page(2), Branch(2), headers: ("X-Total-Pages", "3"));
        gitLab.Answer(Page(3), "{}", status: 502);
        var failure = await Assert.ThrowsAsync<GitLabException>(NamesAsync);
        Assert.Equal(HttpStatusCode.BadGateway, failure.HttpStatusCode);
    }

    public Task InitializeAsync() => gitLab.InitializeAsync();

    public Task DisposeAsync() => gitLab.DisposeAsync();

    static string Page(int page) => $"GET /api/v4/projects/1/repository/branches?per_page=100&page={page}";

    static string Branch(int number) => $$"""[{"name":"b{{number}}"}]""";

    async Task<IEnumerable<string>> NamesAsync() =>
        (await gitLab.Client.Branches.GetAsync(1, (Action<Models.Branches.Requests.BranchQueryOptions>?)null)).Select(b => b.Name);
}
