using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Debyard.Server.Access;
using Debyard.Server.Configuration;

namespace Debyard.Server.Tests.Access;

public sealed class JobIdentityTests : IDisposable
{
    readonly Clock clock = new();
    readonly FakeGitLab gitLab = new();

    public void Dispose() => gitLab.Dispose();

    [Fact]
    public async Task A_job_writes_the_branch_of_its_ref_and_its_project_becomes_an_owner()
    {
        await using var server = await StartAsync();

        Assert.Equal(HttpStatusCode.Created, await StatusAsync(server, Token()));
        Assert.Equal(
            HttpStatusCode.OK,
            await StatusAsync(server, Token(("project_path", "video/web"), ("aud", new[] { "other", "https://debyard.example.org" })))
        );
        await server.RestartAsync();

        var branch = await server.Http.GetStringAsync("api/branches/feature-x");
        Assert.Contains("\"ref\":\"feature/x\"", branch);
        Assert.Contains("""owners":["video/streamer","video/web"]""", branch);
    }

    [Theory]
    [InlineData(-29)]
    [InlineData(300)]
    public async Task Clocks_may_differ_by_half_a_minute(int secondsToTheEnd)
    {
        await using var server = await StartAsync();
        var now = clock.GetUtcNow();

        var token = Token(("exp", now.AddSeconds(secondsToTheEnd).ToUnixTimeSeconds()), ("nbf", now.AddSeconds(29).ToUnixTimeSeconds()));

        Assert.Equal(HttpStatusCode.Created, await StatusAsync(server, token));
    }

    [Fact]
    public async Task A_new_key_is_fetched_when_a_token_names_it_but_not_more_than_twice_a_minute()
    {
        await using var server = await StartAsync();
        Assert.Equal(HttpStatusCode.Created, await StatusAsync(server, Token()));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, Token()));
        Assert.Equal(1, gitLab.Fetches);

        gitLab.AddKey("key-2");
        var second = gitLab.Sign(gitLab.Claims(clock.GetUtcNow()), "key-2");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, second));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, second));
        Assert.Equal(1, gitLab.Fetches);

        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, second));
        Assert.Equal(2, gitLab.Fetches);
    }

    [Fact]
    public async Task A_key_that_GitLab_withdrew_is_accepted_for_an_hour_at_most()
    {
        await using var server = await StartAsync();
        Assert.Equal(HttpStatusCode.Created, await StatusAsync(server, Token()));
        clock.Advance(TimeSpan.FromHours(1));
        using var other = new FakeGitLab();
        gitLab.Answer = await new HttpClient().GetStringAsync(new Uri(other.Url, "oauth/discovery/keys"));

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, Token()));
    }

    [Fact]
    public async Task After_a_rotation_the_first_token_with_the_new_key_is_accepted_and_the_old_key_is_not_any_more()
    {
        await using var server = await StartAsync();
        var old = Token();
        Assert.Equal(HttpStatusCode.Created, await StatusAsync(server, old));
        clock.Advance(TimeSpan.FromMinutes(1));

        gitLab.AddKey("key-2");
        gitLab.RemoveKey("key-1");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, gitLab.Sign(gitLab.Claims(clock.GetUtcNow()), "key-2")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, old));
    }

    [Fact]
    public async Task A_key_of_fewer_than_2048_bits_counts_as_none()
    {
        gitLab.AddKey("weak", bits: 1024);
        await using var server = await StartAsync();

        using var refused = await PutAsync(server, gitLab.Sign(gitLab.Claims(clock.GetUtcNow()), "weak"));

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("no such signing key", await refused.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("""{"issuer":"ISSUER"}""")]
    [InlineData("""{"issuer":"https://gitlab.com","jwks_uri":"ISSUER/oauth/discovery/keys"}""")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"ISSUER/missing"}""")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"no address"}""")]
    public async Task Without_a_usable_discovery_document_a_job_is_told_to_retry(string document)
    {
        gitLab.Discovery = document.Replace("ISSUER", gitLab.Url.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal);
        await using var server = await StartAsync();

        await AssertRetryAsync(server);
    }

    [Fact]
    public async Task Keys_are_not_fetched_through_a_redirect()
    {
        using var other = new FakeGitLab();
        gitLab.Redirect = new Uri(other.Url, "oauth/discovery/keys");
        await using var server = await StartAsync();

        await AssertRetryAsync(server);
        Assert.Equal((1, 0), (gitLab.Fetches, other.Fetches));
    }

    [Fact]
    public async Task A_key_set_of_absurd_size_is_not_read()
    {
        using var http = new HttpClient();
        var keys = await http.GetStringAsync(new Uri(gitLab.Url, "oauth/discovery/keys"));
        gitLab.Answer = keys + new string(' ', 300 * 1024);
        await using var server = await StartAsync();

        await AssertRetryAsync(server);
    }

    async Task AssertRetryAsync(RunningServer server)
    {
        using var refused = await PutAsync(server, Token());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(30), refused.Headers.RetryAfter?.Delta);
        Assert.Contains(
            "Cannot fetch GitLab's signing keys, so the id_token cannot be verified; retry shortly.",
            JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString()
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"keys":[{"kty":"RSA","kid":"key-1","n":"AQAB","e":"AQAB"},{"kty":"oct","kid":"key-1","k":"AQAB"},null]}""")]
    public async Task While_GitLab_has_no_usable_keys_a_job_is_told_to_retry(string answer)
    {
        gitLab.Answer = answer;
        await using var server = await StartAsync();

        await AssertRetryAsync(server);
    }

    [Theory]
    [InlineData("feature-x", "feature/x", "branch", false, 201)]
    [InlineData("feature-y", "feature/x", "branch", true, 403)] // the branch of another ref
    [InlineData("feature-x", "feature/x", "tag", true, 403)]
    [InlineData("main", "main", "branch", true, 201)]
    [InlineData("main", "main", "branch", false, 403)] // not protected
    [InlineData("main", "Main", "branch", true, 409)] // the default branch's slug, but not its ref
    [InlineData("main", "feature/x", "branch", true, 403)]
    [InlineData("release-1", "release/1", "branch", true, 201)]
    [InlineData("release-1", "release/1", "branch", false, 403)]
    [InlineData("x", "---", "branch", true, 403)] // a ref without a slug
    public async Task A_job_writes_only_its_own_branch_and_a_protected_one_only_for_a_protected_ref(
        string branch,
        string gitRef,
        string refType,
        bool isProtected,
        int status
    )
    {
        await using var server = await StartAsync();
        var files = server.Files();
        var token = Token(("ref", gitRef), ("ref_type", refType), ("ref_protected", isProtected ? "true" : "false"));

        Assert.Equal(status, (int)await StatusAsync(server, token, branch));
        if (status != 201)
            Assert.Equal(files, server.Files());
    }

    [Fact]
    public async Task A_job_cannot_name_another_ref_or_project_than_its_own()
    {
        await using var server = await StartAsync();
        var files = server.Files();

        foreach (var (name, value) in new[] { ("X-Debyard-Ref", "feature-x"), ("X-Debyard-Project", "video/web") })
        {
            using var request = Request(Token(), "feature-x", await SamplePackage.MakeAsync());
            request.Headers.Add(name, value);
            using var refused = await server.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
        using var opened = new HttpRequestMessage(HttpMethod.Post, "api/branches")
        {
            Content = new StringContent("""{"ref":"feature/y"}"""),
        };
        opened.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token());
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Http.SendAsync(opened)).StatusCode);

        Assert.Equal(files, server.Files());
    }

    [Fact]
    public async Task Jobs_of_two_refs_with_the_same_slug_write_separate_folders()
    {
        await using var server = await StartAsync();
        Assert.Equal(HttpStatusCode.Created, await StatusAsync(server, Token(), "feature-x"));
        var other = Token(("ref", "feature-x"));

        Assert.Equal(HttpStatusCode.Conflict, await StatusAsync(server, other, "feature-x"));
        Assert.Equal(HttpStatusCode.Created, await StatusAsync(server, other, "feature-x-c791eb"));
    }

    Task<RunningServer> StartAsync() =>
        RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new() { Root = "", Time = clock },
                Access = gitLab.Access with { GitLab = gitLab.Admitting(new ProjectAccess(new("video/*")) { Write = [new("*")] }) },
            }
        );

    string Token(params (string, object?)[] changes) => gitLab.Token(clock.GetUtcNow(), changes);

    static async Task<HttpStatusCode> StatusAsync(RunningServer server, string token, string branch = "feature-x")
    {
        using var response = await PutAsync(server, token, branch);
        return response.StatusCode;
    }

    static async Task<HttpResponseMessage> PutAsync(RunningServer server, string token, string branch = "feature-x") =>
        await server.Http.SendAsync(Request(token, branch, await SamplePackage.MakeAsync()));

    static HttpRequestMessage Request(string token, string branch, SamplePackage package)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"{branch}/{package.FileName}")
        {
            Content = new ByteArrayContent(package.Bytes),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }
}
