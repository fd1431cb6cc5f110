using System.Net;
using Debyard.Server.Configuration;

namespace Debyard.Server.Tests;

public sealed class RetirementTests
{
    [Fact]
    public async Task A_retired_branch_is_gone_and_comes_back_to_the_byte()
    {
        await using var server = await RunningServer.StartAsync();
        var package = await SamplePackage.MakeAsync();
        await server.PutAsync("feature-x", package);
        var inRelease = await server.InReleaseAsync("feature-x");

        Assert.True((bool)(await server.JsonAsync(HttpMethod.Delete, "api/branches/feature-x"))["retired"]!);

        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync("feature-x/dists/stable/InRelease")).StatusCode);
        Assert.Empty((await server.GetAsync("api/branches"))["branches"]!.AsArray());
        Assert.Equal("feature-x", (string?)(await server.GetAsync("api/retired"))["branches"]![0]!["branch"]);
        await server.RestartAsync();
        await server.JsonAsync(HttpMethod.Post, "api/branches/feature-x/restore");
        Assert.Equal(inRelease, await server.InReleaseAsync("feature-x"));
        Assert.Equal(package.Bytes, await server.Http.GetByteArrayAsync($"feature-x/{package.FileName}"));
        Assert.Empty((await server.GetAsync("api/retired"))["branches"]!.AsArray());
    }

    [Fact]
    public async Task The_default_branch_and_releases_are_never_retired()
    {
        await using var server = await RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new() { Root = "", ReleaseBranches = [new("release-*")] },
            }
        );
        var files = server.Files();

        foreach (var branch in new[] { "main", "release-1" })
        {
            await server.PutAsync(branch, await SamplePackage.MakeAsync());
            Assert.Contains(
                "never retired",
                (string?)(await server.JsonAsync(HttpMethod.Delete, $"api/branches/{branch}", expected: HttpStatusCode.Conflict))["detail"]
            );
            Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync($"{branch}/dists/stable/InRelease")).StatusCode);
        }
    }

    [Fact]
    public async Task A_branch_stays_as_long_as_a_project_owns_it()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var project in new[] { "web/server", "web/client" })
            await server.JsonAsync(
                HttpMethod.Put,
                "api/branches/feature-x",
                new { @ref = "feature/x" },
                project == "web/server" ? HttpStatusCode.Created : HttpStatusCode.OK,
                project
            );

        var first = await server.JsonAsync(HttpMethod.Delete, "api/branches/feature-x", project: "web/server");
        await server.RestartAsync();
        var stranger = await server.JsonAsync(HttpMethod.Delete, "api/branches/feature-x", project: "web/other");
        var shown = await server.GetAsync("api/branches/feature-x");
        var second = await server.JsonAsync(HttpMethod.Delete, "api/branches/feature-x", project: "web/client");

        Assert.Equal((false, "web/client"), ((bool)first["retired"]!, (string?)first["owners"]![0]));
        Assert.False((bool)stranger["retired"]!);
        Assert.Equal(["web/client"], shown["owners"]!.AsArray().Select(owner => (string?)owner));
        Assert.True((bool)second["retired"]!);
    }

    [Fact]
    public async Task After_the_time_of_grace_its_space_comes_back_and_no_other_branch_loses_a_byte()
    {
        var clock = new Clock();
        await using var server = await RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new()
                {
                    Root = "",
                    Time = clock,
                    Grace = TimeSpan.FromDays(1),
                },
            }
        );
        var (shared, own) = (await SamplePackage.MakeAsync("shared"), await SamplePackage.MakeAsync("own", content: new string('x', 5000)));
        await server.PutAsync("main", shared);
        await server.PutAsync("feature-x", own);
        await server.JsonAsync(HttpMethod.Delete, "api/branches/feature-x");
        clock.Advance(TimeSpan.FromHours(23));
        Assert.Equal(0, await server.CollectGarbageAsync());
        clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal(own.Bytes.Length, await server.CollectGarbageAsync());

        await server.JsonAsync(HttpMethod.Post, "api/branches/feature-x/restore", expected: HttpStatusCode.NotFound);
        Assert.DoesNotContain(
            server.Files(),
            file =>
                file.Contains(own.Digests.Sha256.ToString(), StringComparison.Ordinal)
                || file.Contains(own.Digests.Sha1, StringComparison.Ordinal)
                || file.Contains("own_", StringComparison.Ordinal)
        );
        Assert.Equal(shared.Bytes, await server.Http.GetByteArrayAsync($"main/{shared.FileName}"));
        Assert.Equal(HttpStatusCode.NotFound, (await server.ProbeAsync("main", own)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await server.PutAsync("main", own)).StatusCode);
    }

    [Fact]
    public async Task Its_times_never_go_back_though_it_is_made_again_while_the_clock_steps_back()
    {
        var clock = new Clock();
        await using var server = await RunningServer.StartAsync(clock);
        var package = await SamplePackage.MakeAsync();
        await server.PutAsync("feature-x", package);
        await server.PutAsync("feature-x", await SamplePackage.MakeAsync("second"));
        clock.Advance(TimeSpan.FromMinutes(1));
        var (date, modified) = (await DateAsync(), await server.LastModifiedAsync("feature-x"));
        Assert.False(await server.IsModifiedSinceAsync("feature-x", modified));
        await server.JsonAsync(HttpMethod.Delete, "api/branches/feature-x");
        // Nine seconds before the last publish: apt tolerates ten.
        clock.Advance(TimeSpan.FromSeconds(-69));
        await server.RestartAsync();

        await server.PutAsync("feature-x", package);
        var (laterDate, laterModified) = (await DateAsync(), await server.LastModifiedAsync("feature-x"));
        Assert.True(await server.IsModifiedSinceAsync("feature-x", modified));
        await server.JsonAsync(HttpMethod.Delete, "api/branches/feature-x");

        Assert.True(laterDate >= date && laterModified <= clock.GetUtcNow(), $"{date} {laterDate}, {laterModified}");
        // The one that was retired last, though by the clock it was the first.
        await server.JsonAsync(HttpMethod.Post, "api/branches/feature-x/restore");
        Assert.Equal((laterDate, laterModified), (await DateAsync(), await server.LastModifiedAsync("feature-x")));

        async Task<DateTimeOffset> DateAsync() =>
            Debian.Indexes.ReleaseFile.Parse((await server.Http.GetStringAsync("feature-x/dists/stable/Release"))).Date;
    }

    [Fact]
    public async Task An_earlier_one_restored_over_a_later_one_is_newer_to_its_clients()
    {
        var clock = new Clock();
        await using var server = await RunningServer.StartAsync(clock);
        var first = await SamplePackage.MakeAsync("first");
        await server.PutAsync("feature-x", first);
        await server.JsonAsync(HttpMethod.Delete, "api/branches/feature-x");
        for (var i = 0; i < 3; i++)
            await server.PutAsync("feature-x", await SamplePackage.MakeAsync($"other{i}"));
        clock.Advance(TimeSpan.FromMinutes(1));
        var modified = await server.LastModifiedAsync("feature-x");
        Assert.False(await server.IsModifiedSinceAsync("feature-x", modified));
        await server.JsonAsync(HttpMethod.Delete, "api/branches/feature-x");

        var earlier = (await server.GetAsync("api/retired"))["branches"]!.AsArray()[^1]!["id"];
        await server.JsonAsync(HttpMethod.Post, "api/branches/feature-x/restore?id=1", expected: HttpStatusCode.NotFound);
        await server.JsonAsync(HttpMethod.Post, $"api/branches/feature-x/restore?id={earlier}");

        Assert.Equal([first.FileName], await server.ListedAsync("feature-x"));
        Assert.True(await server.IsModifiedSinceAsync("feature-x", modified));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.True(await server.IsModifiedSinceAsync("feature-x", modified));
        Assert.Equal(
            await server.InReleaseAsync("feature-x"),
            await File.ReadAllTextAsync(Path.Combine(server.Root, "feature-x/dists/stable/InRelease"))
        );
    }

    [Fact]
    public async Task What_cannot_be_done_is_told_and_changes_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        await server.PutAsync("feature-x", await SamplePackage.MakeAsync());
        var files = server.Files();

        await server.JsonAsync(HttpMethod.Delete, "api/branches/feature-y", expected: HttpStatusCode.NotFound);
        await server.JsonAsync(HttpMethod.Post, "api/branches/feature-y/restore", expected: HttpStatusCode.NotFound);
        await server.JsonAsync(HttpMethod.Post, "api/branches/feature-x/restore", expected: HttpStatusCode.Conflict);
        await server.JsonAsync(HttpMethod.Delete, "api/branches/Feature", expected: HttpStatusCode.BadRequest);

        Assert.Equal(files, server.Files());
    }
}
