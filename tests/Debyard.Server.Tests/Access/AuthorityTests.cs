using System.Text.Json.Nodes;
using Debyard.Repository.Identity;
using Debyard.Server.Configuration;

namespace Debyard.Server.Tests.Access;

/// <summary>Attempts to cross the line between branches. Permissions are those of the ref, whatever its folder is called.</summary>
public sealed class AuthorityTests : IAsyncLifetime, IDisposable
{
    static readonly TestToken all = new("all") { Write = ["*"] };
    static readonly TestToken feature = new("feature") { Write = ["feature-*"] };

    readonly FakeGitLab gitLab = new();
    RunningServer server = null!;
    SamplePackage package = null!;

    public async Task InitializeAsync()
    {
        package = await SamplePackage.MakeAsync();
        server = await RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new() { Root = "", TrustedBranches = [new("release/*")] },
                Access = gitLab.Access with
                {
                    Tokens = [all.Configured, feature.Configured],
                    Protected = [new("release-1"), new("secret/guarded")],
                    Private = [new("secret/*"), new("hidden")],
                },
            }
        );
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose() => gitLab.Dispose();

    [Fact]
    public async Task An_unprotected_job_cannot_write_the_second_folder_of_a_ref_whose_first_is_protected()
    {
        Assert.Equal(403, await server.PutAsync(Job("release/1"), "release-1", package));
        Assert.Equal(409, await server.PutAsync(Job("release/1"), Second("release/1"), package));

        // Nor when another ref has the first.
        Assert.Equal(201, await server.PutAsync(all.Secret, "release-1", package, "release-1"));
        Assert.Equal(403, await server.PutAsync(Job("release/1"), Second("release/1"), package));
    }

    [Fact]
    public async Task A_ref_gets_no_second_folder_while_its_first_is_free()
    {
        Assert.Equal(409, await server.PutAsync(Job("feature/x"), Second("feature/x"), package));
        Assert.Equal(409, await server.PutAsync(all.Secret, Second("feature/x"), package, "feature/x"));
        Assert.Equal(201, await server.PutAsync(Job("feature/x"), "feature-x", package));
        Assert.Equal(409, await server.PutAsync(Job("feature/x"), Second("feature/x"), package));
    }

    [Fact]
    public async Task A_token_cannot_name_a_ref_that_has_not_the_folder_s_slug()
    {
        Assert.Equal(201, await server.PutAsync(feature.Secret, "feature-x", package));
        var files = server.Files();

        foreach (
            var (method, path, json) in new[]
            {
                (HttpMethod.Put, $"feature-y/{package.FileName}", null),
                (HttpMethod.Put, $"feature-x/{package.FileName}", null),
                (HttpMethod.Get, $"feature-y/{package.FileName}", null),
                (HttpMethod.Delete, $"feature-x/{package.FileName}", null),
                (HttpMethod.Post, "feature-y/", "{}"),
                (HttpMethod.Post, "api/branches/feature-y/promote", """{"from":"feature-x","packages":["lua"]}"""),
                (HttpMethod.Put, "api/branches/feature-y", "{}"),
                (HttpMethod.Put, "api/branches/feature-y", """{"ref":"release/9"}"""),
                (HttpMethod.Post, "api/branches/feature-x/builds", "{}"),
                (HttpMethod.Delete, "api/branches/feature-x", null),
            }
        )
        {
            var (status, body) = await server.AskAsync(feature.Secret, method, path, json, "release/9", package);
            Assert.True(status == 400, $"{method} {path}: {status} {body}");
        }
        Assert.Equal(files, server.Files());
    }

    [Fact]
    public async Task A_private_branch_is_read_by_jobs_of_its_ref_and_owners_only()
    {
        Assert.Equal(201, await server.PutAsync(Job("secret/s"), "secret-s", package));
        Assert.Equal(201, await server.PutAsync(all.Secret, "secret-t", package));
        Assert.Equal(201, await server.PutAsync(all.Secret, "secret-u", package, "secret/u"));

        Assert.Equal(200, await server.GetStatusAsync(Job("secret/s"), "secret-s.sources"));
        Assert.Equal(404, await server.GetStatusAsync(Job("secret/s", "video/web"), "secret-s.sources"));
        Assert.Equal(404, await server.GetStatusAsync(Job("secret.s"), "secret-s.sources"));
        // Made by folder, so nobody knows whose it is, and made without an owner.
        Assert.Equal(404, await server.GetStatusAsync(Job("secret/t"), "secret-t.sources"));
        Assert.Equal(404, await server.GetStatusAsync(Job("secret/u"), "secret-u.sources"));
    }

    [Fact]
    public async Task A_job_does_not_join_the_owners_of_a_private_branch()
    {
        Assert.Equal(201, await server.PutAsync(Job("secret/s"), "secret-s", package));
        Assert.Equal(201, await server.PutAsync(all.Secret, "secret-t", package));

        Assert.Equal(403, await server.PutAsync(Job("secret/s", "video/web"), "secret-s", package));
        Assert.Equal(403, await server.PutAsync(Job("secret/t"), "secret-t", package));

        // A token names an owner.
        Assert.Equal(200, await server.PutAsync(all.Secret, "secret-s", package, project: "video/web"));
        Assert.Equal(200, await server.GetStatusAsync(Job("secret/s", "video/web"), "secret-s.sources"));
    }

    [Fact]
    public async Task A_job_of_an_unprotected_ref_does_not_read_a_private_branch_that_is_protected()
    {
        Assert.Equal(201, await server.PutAsync(Job("secret/guarded", isProtected: true), "secret-guarded", package));

        Assert.Equal(200, await server.GetStatusAsync(Job("secret/guarded", isProtected: true), "secret-guarded.sources"));
        Assert.Equal(404, await server.GetStatusAsync(Job("secret/guarded"), "secret-guarded.sources"));
    }

    [Fact]
    public async Task Refresh_copies_nothing_from_a_parent_that_the_caller_may_not_read()
    {
        Assert.Equal(201, await server.PutAsync(all.Secret, "hidden", package));
        var made = await server.AskAsync(all.Secret, HttpMethod.Put, "api/branches/feature-x", """{"parent":"hidden"}""");
        Assert.Equal(201, made.Status);
        Assert.Equal(201, await server.PutAsync(all.Secret, "hidden", await SamplePackage.MakeAsync(version: "6")));

        var (status, body) = await server.AskAsync(feature.Secret, HttpMethod.Put, "api/branches/feature-x", """{"refresh":true}""");

        Assert.Equal(200, status);
        Assert.Empty(JsonNode.Parse(body)!["refreshed"]!.AsArray());
        Assert.Equal([package.FileName], await server.ListedAsync("feature-x"));
        (_, body) = await server.AskAsync(all.Secret, HttpMethod.Put, "api/branches/feature-x", """{"refresh":true}""");
        Assert.Single(JsonNode.Parse(body)!["refreshed"]!.AsArray());
    }

    [Fact]
    public async Task A_branch_starts_from_nothing_if_its_creator_may_not_read_the_default_branch()
    {
        await using var closed = await RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new() { Root = "" },
                Access = new() { Tokens = [all.Configured, feature.Configured], Private = [new("main")] },
            }
        );
        Assert.Equal(201, await closed.PutAsync(all.Secret, "main", package));

        Assert.Equal(201, await closed.PutAsync(feature.Secret, "feature-x", await SamplePackage.MakeAsync("other")));

        Assert.DoesNotContain(package.FileName, await closed.ListedAsync("feature-x"));
    }

    [Fact]
    public async Task A_job_does_not_retire_restore_or_claim_builds_for_the_branch_of_another_ref_or_project()
    {
        Assert.Equal(201, await server.PutAsync(Job("feature/x"), "feature-x", package));
        var builds = $$"""
            {"builds":[{"fingerprint":"{{new string('a', 64)}}","files":[{"name":"{{package.FileName}}","sha256":"{{package
                .Digests
                .Sha256}}"}]}]}
            """;

        Assert.Equal(409, (await server.AskAsync(Job("feature.x"), HttpMethod.Delete, "api/branches/feature-x")).Status);
        Assert.Equal(409, (await server.AskAsync(Job("feature.x"), HttpMethod.Post, "api/branches/feature-x/builds", builds)).Status);
        Assert.Equal(403, (await server.AskAsync(Job("feature/x", "video/web"), HttpMethod.Delete, "api/branches/feature-x")).Status);
        Assert.Equal(200, (await server.AskAsync(Job("feature/x"), HttpMethod.Post, "api/branches/feature-x/builds", builds)).Status);
        Assert.Equal(200, (await server.AskAsync(Job("feature/x"), HttpMethod.Delete, "api/branches/feature-x")).Status);

        Assert.Equal(404, (await server.AskAsync(Job("feature.x"), HttpMethod.Post, "api/branches/feature-x/restore")).Status);
        Assert.Equal(403, (await server.AskAsync(Job("feature/x", "video/web"), HttpMethod.Post, "api/branches/feature-x/restore")).Status);
        Assert.Equal(200, (await server.AskAsync(Job("feature/x"), HttpMethod.Post, "api/branches/feature-x/restore")).Status);
    }

    [Fact]
    public async Task A_project_that_is_only_admitted_writes_no_branch_that_others_trust()
    {
        Assert.Equal(403, await server.PutAsync(Job("main", isProtected: true), "main", package));
        Assert.Equal(403, await server.PutAsync(Job("release/2", isProtected: true), "release-2", package));
        Assert.Equal(201, await server.PutAsync(Job("feature/x", isProtected: true), "feature-x", package));
    }

    [Fact]
    public async Task A_ref_stays_in_its_second_folder_when_the_first_becomes_free()
    {
        Assert.Equal((201, "feature-x"), await server.OpenAsync(all.Secret, "feature/x"));
        Assert.Equal((201, "feature-x-c791eb"), await server.OpenAsync(all.Secret, "feature-x"));
        Assert.Equal(201, await server.PutAsync(all.Secret, "feature-x-c791eb", package, "feature-x"));
        Assert.Equal(200, (await server.AskAsync(all.Secret, HttpMethod.Delete, "api/branches/feature-x")).Status);
        await server.RestartAsync();

        Assert.Equal((200, "feature-x-c791eb"), await server.OpenAsync(all.Secret, "feature-x"));
        Assert.Equal(409, await server.PutAsync(all.Secret, "feature-x", package, "feature-x"));
        Assert.Equal([package.FileName], await server.ListedAsync("feature-x-c791eb"));
    }

    [Fact]
    public async Task A_branch_is_not_restored_while_its_ref_has_another()
    {
        await server.OpenAsync(all.Secret, "feature/x");
        await server.OpenAsync(all.Secret, "feature-x");
        foreach (var folder in new[] { "feature-x-c791eb", "feature-x" })
            Assert.Equal(200, (await server.AskAsync(all.Secret, HttpMethod.Delete, $"api/branches/{folder}")).Status);
        Assert.Equal((201, "feature-x"), await server.OpenAsync(all.Secret, "feature-x"));

        Assert.Equal(409, (await server.AskAsync(all.Secret, HttpMethod.Post, "api/branches/feature-x-c791eb/restore")).Status);
    }

    [Fact]
    public async Task A_refusal_names_no_folder_that_the_request_did_not_name()
    {
        Assert.Equal(201, await server.PutAsync(all.Secret, "secret-s", package, "secret/s"));

        // The folder of the ref secret-s would be another if it were free.
        var (status, body) = await server.AskAsync(feature.Secret, HttpMethod.Post, "api/branches", """{"ref":"secret-s"}""");
        Assert.Equal(403, status);
        Assert.Equal(body.Replace("secret-t", "X"), await RefusalAsync("secret-t"));
        // Nor a ref.
        Assert.DoesNotContain("secret/s", (await server.AskAsync(Job("secret-s"), HttpMethod.Post, "secret-s/", "{}")).Body);

        async Task<string> RefusalAsync(string gitRef) =>
            (await server.AskAsync(feature.Secret, HttpMethod.Post, "api/branches", $$"""{"ref":"{{gitRef}}"}""")).Body.Replace(
                gitRef,
                "X"
            );
    }

    static string Second(string gitRef) => RefSlug.OfSecond(gitRef).Value;

    string Job(string gitRef, string project = "video/streamer", bool isProtected = false) =>
        gitLab.Token(DateTimeOffset.UtcNow, ("ref", gitRef), ("project_path", project), ("ref_protected", isProtected ? "true" : "false"));
}
