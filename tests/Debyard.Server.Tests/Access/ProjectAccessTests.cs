using Debyard.Server.Access;
using Debyard.Server.Configuration;

namespace Debyard.Server.Tests.Access;

/// <summary>Which branches and packages the jobs of a project and the holder of a token may write.</summary>
public sealed class ProjectAccessTests : IAsyncLifetime, IDisposable
{
    static readonly TestToken all = new("all") { Write = ["*"] };
    static readonly TestToken web = new("web") { Write = ["*"], Packages = ["web", "web-*"] };

    readonly FakeGitLab gitLab = new();
    RunningServer server = null!;
    SamplePackage streamer = null!,
        other = null!;

    public async Task InitializeAsync()
    {
        (streamer, other) = (await SamplePackage.MakeAsync("streamer"), await SamplePackage.MakeAsync("web"));
        server = await RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new() { Root = "", TrustedBranches = [new("release/*")] },
                Access = new AccessOptions
                {
                    Tokens = [all.Configured, web.Configured],
                    GitLab = gitLab.Admitting(
                        new ProjectAccess(new("video/streamer")) { Write = [new("*")], Packages = [new("streamer*")] },
                        new ProjectAccess(new("video/docs")) { Write = [new("docs-*")] },
                        new ProjectAccess(new("video/*")) { Packages = [new("web*")] }
                    ),
                },
            }
        );
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose() => gitLab.Dispose();

    [Fact]
    public async Task Only_projects_whose_Write_names_it_write_the_default_branch_and_trusted_branches()
    {
        foreach (var (gitRef, folder) in new[] { ("main", "main"), ("release/1", "release-1") })
        {
            Assert.Equal(403, await server.PutAsync(Job("video/web", gitRef, "true"), folder, other));
            Assert.Equal(403, await server.PutAsync(Job("video/streamer", gitRef, "false"), folder, streamer));
            Assert.Equal(201, await server.PutAsync(Job("video/streamer", gitRef, "true"), folder, streamer));
        }
    }

    [Fact]
    public async Task A_project_writes_the_branches_and_packages_of_any_entry_that_matches_it_but_mixes_no_two()
    {
        Assert.Equal(201, await server.PutAsync(Job("video/web", "feature/x"), "feature-x", other));
        Assert.Equal(403, await server.PutAsync(Job("video/web", "feature/x"), "feature-x", streamer));
        Assert.Equal(201, await server.PutAsync(Job("video/streamer", "feature/x"), "feature-x", streamer));
        Assert.Equal(200, await server.PutAsync(Job("video/streamer", "feature/x"), "feature-x", other));
        // One entry gives every branch and the one package, another the default branch and the other package.
        Assert.Equal(403, await server.PutAsync(Job("video/streamer", "main", "true"), "main", other));
        Assert.Equal(201, await server.PutAsync(Job("video/docs", "docs/x"), "docs-x", streamer));
        Assert.Equal(403, await server.PutAsync(Job("video/docs", "feature/x"), "feature-x", streamer));
    }

    [Fact]
    public async Task A_package_outside_Packages_cannot_be_uploaded_replaced_linked_promoted_deleted_or_claimed()
    {
        Assert.Equal(201, await server.PutAsync(all.Secret, "main", streamer));
        Assert.Equal(201, await server.PutAsync(all.Secret, "source", streamer));
        Assert.Equal(201, await server.PutAsync(web.Secret, "main", other));
        var files = server.Files();
        var newer = await SamplePackage.MakeAsync("streamer", version: "9");
        var offered = $$"""[{"name":"{{streamer.FileName}}","sha256":"{{streamer.Digests.Sha256}}"}]""";

        foreach (
            var (method, path, json, sent) in new[]
            {
                (HttpMethod.Put, $"main/{newer.FileName}", null, newer),
                (HttpMethod.Put, $"main/{newer.FileName}?publish=later", null, newer),
                (HttpMethod.Put, $"main/{streamer.FileName}", null, streamer),
                (HttpMethod.Get, $"empty/{streamer.FileName}", null, streamer),
                (HttpMethod.Post, "empty/", $$"""{"files":{{offered}}}""", null),
                (HttpMethod.Delete, $"main/{streamer.FileName}", null, null),
                (HttpMethod.Post, "api/branches/empty/promote", """{"from":"source","packages":["streamer"]}""", null),
                (
                    HttpMethod.Post,
                    "api/branches/main/builds",
                    $$"""{"builds":[{"fingerprint":"{{new string('a', 64)}}","files":{{offered}}}]}""",
                    (SamplePackage?)null
                ),
                (HttpMethod.Delete, "api/branches/source", null, null),
                (HttpMethod.Post, "api/branches/retired/restore", null, null),
            }
        )
        {
            var (status, body) = await server.AskAsync(web.Secret, method, path, json, package: sent);
            Assert.True(status == 403, $"{method} {path}: {status} {body}");
        }
        Assert.Equal(files, server.Files());
        Assert.Equal(200, (await server.AskAsync(web.Secret, HttpMethod.Delete, $"main/{other.FileName}")).Status);
    }

    string Job(string project, string gitRef, string isProtected = "false") =>
        gitLab.Token(DateTimeOffset.UtcNow, ("ref", gitRef), ("project_path", project), ("ref_protected", isProtected));
}
