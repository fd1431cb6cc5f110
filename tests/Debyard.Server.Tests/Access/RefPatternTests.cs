using System.Net;
using System.Net.Http.Headers;
using Debyard.Repository.Identity;
using Debyard.Server.Access;
using Debyard.Server.Configuration;

namespace Debyard.Server.Tests.Access;

/// <summary>A pattern for refs, <c>release/*</c>, in every setting that selects branches.</summary>
public sealed class RefPatternTests : IAsyncLifetime, IDisposable
{
    static readonly TestToken all = new("all") { Write = ["*"] };
    static readonly TestToken releaser = new("releaser") { Write = ["release/*"] };
    static readonly TestToken customer = new("customer") { Read = ["release/*"] };
    static readonly TestToken other = new("other") { Write = ["feature-*"] };

    readonly FakeGitLab gitLab = new();
    RunningServer server = null!;

    public async Task InitializeAsync() =>
        server = await RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new() { Root = "", ReleaseBranches = [new("release/*")] },
                Access = gitLab.Access with
                {
                    Tokens = [all.Configured, releaser.Configured, customer.Configured, other.Configured],
                    Protected = [new("release/*")],
                    Private = [new("release/*")],
                },
            }
        );

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose() => gitLab.Dispose();

    [Fact]
    public async Task Write_allows_to_create_and_to_change_the_branches_of_matching_refs_only()
    {
        var package = await SamplePackage.MakeAsync();

        Assert.Equal(HttpStatusCode.Created, await OpenAsync(releaser.Secret, "release/1"));
        Assert.Equal(HttpStatusCode.Created, await PutAsync(releaser.Secret, "release-1", package));
        Assert.Equal(HttpStatusCode.Created, await PutAsync(releaser.Secret, "release-2", package, "release/2"));

        Assert.Equal(HttpStatusCode.Forbidden, await OpenAsync(releaser.Secret, "feature/x"));
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(releaser.Secret, "release-3", package));
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync(releaser.Secret, "feature-x", package, "release/3"));
        Assert.Equal(HttpStatusCode.Created, await PutAsync(all.Secret, "release-4", package, "release-4"));
        Assert.Equal(HttpStatusCode.Conflict, await PutAsync(releaser.Secret, "release-4", package, "release/4"));
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(releaser.Secret, "release-4", package));
    }

    [Fact]
    public async Task A_ref_with_the_slug_of_the_default_branch_does_not_open_the_default_branch()
    {
        var scratch = new TestToken("scratch") { Write = ["_*"] };
        await using var guarded = await RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new() { Root = "" },
                Access = new AccessOptions { Tokens = [scratch.Configured] },
            }
        );

        Assert.Equal((201, RefSlug.OfSecond("_main").Value), await guarded.OpenAsync(scratch.Secret, "_main"));
        Assert.Equal(409, await guarded.PutAsync(scratch.Secret, "main", await SamplePackage.MakeAsync(), "_main"));
        Assert.Equal(404, await guarded.GetStatusAsync(null, "main.sources"));
    }

    [Fact]
    public async Task Private_hides_them_from_all_but_their_readers_and_writers()
    {
        var package = await SamplePackage.MakeAsync();
        await PutAsync(all.Secret, "release-1", package, "release/1");
        // A branch whose ref nobody named could be that of release/2.
        await PutAsync(all.Secret, "release-2", package);

        foreach (var path in new[] { "release-1.sources", $"release-1/{package.FileName}", "api/branches/release-1", "release-2.sources" })
        {
            Assert.Equal(HttpStatusCode.NotFound, await GetAsync(null, path));
            Assert.Equal(HttpStatusCode.NotFound, await GetAsync(other.Secret, path));
            Assert.Equal(HttpStatusCode.OK, await GetAsync(all.Secret, path));
        }
        Assert.Equal(HttpStatusCode.OK, await GetAsync(customer.Secret, "release-1.sources"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(releaser.Secret, "release-1.sources"));
        Assert.Equal(await BodyAsync("release-3/" + package.FileName, "3"), await BodyAsync("release-1/" + package.FileName, "1"));
        Assert.DoesNotContain("release-1", await BodyAsync("api/branches"));
        Assert.DoesNotContain("release-1", await BodyAsync("api/journal"));
    }

    [Fact]
    public async Task A_branch_whose_folder_looks_like_one_but_whose_ref_is_another_is_public()
    {
        await PutAsync(all.Secret, "release-1", await SamplePackage.MakeAsync(), "release-1");

        Assert.Equal(HttpStatusCode.OK, await GetAsync(null, "release-1.sources"));
    }

    [Theory]
    [InlineData("true", HttpStatusCode.Created)]
    [InlineData("false", HttpStatusCode.Forbidden)]
    public async Task Protected_lets_only_jobs_of_protected_refs_write_them(string isProtected, HttpStatusCode expected)
    {
        var job = gitLab.Token(DateTimeOffset.UtcNow, ("ref", "release/1"), ("ref_protected", isProtected));

        Assert.Equal(expected, await PutAsync(job, "release-1", await SamplePackage.MakeAsync()));
    }

    [Fact]
    public async Task ReleaseBranches_are_never_retired()
    {
        await PutAsync(all.Secret, "release-1", await SamplePackage.MakeAsync(), "release/1");

        using var request = Request(HttpMethod.Delete, "api/branches/release-1", all.Secret);

        Assert.Equal(HttpStatusCode.Conflict, (await server.Http.SendAsync(request)).StatusCode);
    }

    async Task<HttpStatusCode> OpenAsync(string token, string gitRef)
    {
        using var request = Request(HttpMethod.Post, "api/branches", token);
        request.Content = new StringContent($$"""{"ref":"{{gitRef}}"}""");
        return (await server.Http.SendAsync(request)).StatusCode;
    }

    async Task<HttpStatusCode> PutAsync(string token, string branch, SamplePackage package, string? gitRef = null)
    {
        using var request = Request(HttpMethod.Put, $"{branch}/{package.FileName}", token);
        request.Content = new ByteArrayContent(package.Bytes);
        if (gitRef is not null)
            request.Headers.Add("X-Debyard-Ref", gitRef);
        return (await server.Http.SendAsync(request)).StatusCode;
    }

    async Task<HttpStatusCode> GetAsync(string? token, string path)
    {
        using var request = Request(HttpMethod.Get, path, token);
        return (await server.Http.SendAsync(request)).StatusCode;
    }

    async Task<string> BodyAsync(string path, string number = "-")
    {
        using var response = await server.Http.GetAsync(path);
        return (await response.Content.ReadAsStringAsync()).Replace($"release-{number}", "release-NUMBER", StringComparison.Ordinal);
    }

    static HttpRequestMessage Request(HttpMethod method, string path, string? token) =>
        new(method, path) { Headers = { Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token) } };
}
