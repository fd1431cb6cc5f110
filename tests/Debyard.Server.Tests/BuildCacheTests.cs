using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Debyard.Repository.Identity;
using Debyard.Server.Access;
using Debyard.Server.Configuration;
using Debyard.Server.Tests.Access;

namespace Debyard.Server.Tests;

/// <summary>Every client finds a build by its fingerprint if a trusted branch recorded it; builds of other branches are ignored.</summary>
public sealed class BuildCacheTests
{
    static readonly string fingerprint = new('a', 64);

    [Fact]
    public async Task A_build_of_the_default_branch_is_found_by_everybody_and_survives_a_restart()
    {
        await using var server = await RunningServer.StartAsync();
        var lua = await SamplePackage.MakeAsync();
        await server.PutAsync("main", lua);

        Assert.Empty(await FindAsync(server, fingerprint));
        Assert.Equal(HttpStatusCode.OK, await RecordAsync(server, "main", fingerprint, lua));
        await server.RestartAsync();

        var build = Assert.Single(await FindAsync(server, fingerprint, new string('b', 64)))!;
        Assert.Equal(fingerprint, (string?)build["fingerprint"]);
        Assert.Equal("main", (string?)build["branch"]);
        var file = Assert.Single(build["files"]!.AsArray())!;
        Assert.Equal(
            (lua.FileName, lua.Digests.Size, lua.Digests.Md5, lua.Digests.Sha1, lua.Digests.Sha256.ToString()),
            ((string?)file["name"], (long)file["size"]!, (string?)file["md5"], (string?)file["sha1"], (string?)file["sha256"])
        );
    }

    [Fact]
    public async Task A_poisoned_build_of_another_branch_is_ignored()
    {
        await using var server = await RunningServer.StartAsync();
        var (lua, evil) = (await SamplePackage.MakeAsync(), await SamplePackage.MakeAsync(content: "evil"));
        await server.PutAsync("feature-x", evil);

        Assert.Equal(HttpStatusCode.OK, await RecordAsync(server, "feature-x", fingerprint, evil));
        Assert.Empty(await FindAsync(server, fingerprint));

        await server.PutAsync("main", lua);
        await RecordAsync(server, "main", fingerprint, lua);
        Assert.Equal(lua.Digests.Sha256.ToString(), (string?)Assert.Single(await FindAsync(server, fingerprint))!["files"]![0]!["sha256"]);
    }

    [Fact]
    public async Task Who_may_write_a_branch_finds_its_own_builds_and_others_do_not()
    {
        var (writer, other) = (new TestToken("writer") { Write = ["feature-*"] }, new TestToken("other") { Write = ["other-*"] });
        await using var server = await RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new() { Root = "" },
                Access = new AccessOptions { Tokens = [writer.Configured, other.Configured] },
            }
        );
        var lua = await SamplePackage.MakeAsync();
        server.Http.DefaultRequestHeaders.Authorization = writer.Bearer;
        server.Http.DefaultRequestHeaders.Add("X-Debyard-Ref", "feature/x");
        await server.PutAsync("feature-x", lua);
        Assert.Equal(HttpStatusCode.OK, await RecordAsync(server, "feature-x", fingerprint, lua));

        Assert.Equal("feature-x", (string?)Assert.Single(await FindForAsync(server, "feature/x"))!["branch"]);
        Assert.Empty(await FindForAsync(server, "feature-x"));
        Assert.Empty(await FindForAsync(server, "feature/y"));
        Assert.Empty(await FindAsync(server, fingerprint));

        server.Http.DefaultRequestHeaders.Authorization = other.Bearer;
        Assert.Empty(await FindForAsync(server, "feature/x"));
    }

    [Fact]
    public async Task A_configured_branch_is_trusted_too_and_the_default_branch_before_it()
    {
        await using var server = await RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new() { Root = "", TrustedBranches = [new BranchPattern("a-release-*")] },
            }
        );
        var (old, @new) = (await SamplePackage.MakeAsync(version: "1"), await SamplePackage.MakeAsync(version: "2"));
        await server.PutAsync("a-release-1", old);
        await RecordAsync(server, "a-release-1", fingerprint, old);
        Assert.Equal("a-release-1", (string?)Assert.Single(await FindAsync(server, fingerprint))!["branch"]);

        await server.PutAsync("main", @new);
        await RecordAsync(server, "main", fingerprint, @new);

        Assert.Equal("main", (string?)Assert.Single(await FindAsync(server, fingerprint))!["branch"]);
    }

    [Fact]
    public async Task A_build_whose_files_the_branch_does_not_list_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        var (lua, other) = (await SamplePackage.MakeAsync(), await SamplePackage.MakeAsync(content: "other"));
        await server.PutAsync("main", lua);
        await server.PutAsync("feature-x", other);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, await RecordAsync(server, "main", fingerprint, other));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await RecordAsync(server, "main", fingerprint));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await RecordAsync(server, "main", "../../keys/secret", lua));
        Assert.Equal(HttpStatusCode.NotFound, await RecordAsync(server, "nowhere", fingerprint, lua));
        Assert.Empty(await FindAsync(server, fingerprint));
    }

    [Fact]
    public async Task A_build_is_forgotten_when_its_branch_no_longer_lists_the_files()
    {
        await using var server = await RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new() { Root = "", TrustedBranches = [new BranchPattern("work")] },
            }
        );
        var lua = await SamplePackage.MakeAsync();
        await server.PutAsync("work", lua);
        await RecordAsync(server, "work", fingerprint, lua);
        Assert.Single(await FindAsync(server, fingerprint));

        using var retired = await server.Http.DeleteAsync("api/branches/work");
        Assert.Equal(HttpStatusCode.OK, retired.StatusCode);

        Assert.Empty(await FindAsync(server, fingerprint));
    }

    [Theory]
    [InlineData("{\"fingerprints\":[\"xyz\"]}", 422)]
    [InlineData("{\"fingerprints\":[\"../../../etc\"]}", 422)]
    [InlineData("{\"fingerprints\":", 400)]
    [InlineData("{}", 200)]
    public async Task A_malformed_question_is_refused(string json, int status)
    {
        await using var server = await RunningServer.StartAsync();

        using var response = await server.Http.PostAsync(
            "api/builds",
            new StringContent(json, System.Text.Encoding.UTF8, "application/json")
        );

        Assert.Equal(status, (int)response.StatusCode);
    }

    static async Task<HttpStatusCode> RecordAsync(RunningServer server, string branch, string fingerprint, params SamplePackage[] packages)
    {
        using var response = await server.Http.PostAsJsonAsync(
            $"api/branches/{branch}/builds",
            new
            {
                builds = new[]
                {
                    new
                    {
                        fingerprint,
                        files = packages.Select(package => new { name = package.FileName, sha256 = package.Digests.Sha256 }),
                    },
                },
            }
        );
        return response.StatusCode;
    }

    static Task<JsonArray> FindAsync(RunningServer server, params string[] fingerprints) => AskAsync(server, new { fingerprints });

    static Task<JsonArray> FindForAsync(RunningServer server, string gitRef) =>
        AskAsync(server, new { fingerprints = new[] { fingerprint }, @ref = gitRef });

    static async Task<JsonArray> AskAsync(RunningServer server, object query)
    {
        using var response = await server.Http.PostAsJsonAsync("api/builds", query);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!["builds"]!.AsArray();
    }
}
