using System.Net;
using System.Text.Json.Nodes;
using Debyard.Debian.Compression;
using Debyard.Debian.Control;
using Debyard.Debian.Indexes;
using Debyard.Debian.Packages;
using Debyard.Server.Configuration;

namespace Debyard.Server.Tests;

public sealed class PackageLifeTests
{
    [Fact]
    public async Task A_deleted_package_is_listed_no_longer_and_can_be_fetched_for_the_time_of_retention()
    {
        var clock = new Clock();
        await using var server = await RunningServer.StartAsync(clock);
        var (package, other) = (await SamplePackage.MakeAsync(architecture: "e2k"), await SamplePackage.MakeAsync("other"));
        await server.PutAsync("main", package);
        await server.PutAsync("main", other);

        Assert.Equal("deleted", (string?)(await server.JsonAsync(HttpMethod.Delete, $"main/{package.FileName}"))["outcome"]);
        await server.JsonAsync(HttpMethod.Delete, $"main/{package.FileName}", expected: HttpStatusCode.NotFound);

        Assert.Empty(await server.ListedAsync("main", "e2k"));
        Assert.Equal([other.FileName], await server.ListedAsync("main"));
        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync($"main/{package.FileName}")).StatusCode);
        var file = $"main/{package.PoolPath}";
        clock.Advance(TimeSpan.FromHours(23));
        await server.CollectGarbageAsync();
        Assert.Equal(package.Bytes, await server.Http.GetByteArrayAsync(file));
        clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(package.Bytes.Length, await server.CollectGarbageAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync(file)).StatusCode);
    }

    [Fact]
    public async Task A_delete_makes_no_branch()
    {
        await using var server = await RunningServer.StartAsync();
        var package = await SamplePackage.MakeAsync();
        await server.PutAsync("main", package);

        await server.JsonAsync(HttpMethod.Delete, $"feature-x/{package.FileName}", expected: HttpStatusCode.NotFound);

        Assert.Equal(["main"], Names(await server.GetAsync("api/branches")));
    }

    [Fact]
    public async Task What_a_name_once_meant_in_the_default_branch_it_means_for_good()
    {
        await using var server = await RunningServer.StartAsync();
        var (first, second) = (await SamplePackage.MakeAsync(content: "first"), await SamplePackage.MakeAsync(content: "second"));
        await server.PutAsync("main", first);
        await server.JsonAsync(HttpMethod.Delete, $"main/{first.FileName}");
        await server.RestartAsync();

        Assert.Equal(HttpStatusCode.Conflict, (await server.PutAsync("main", second)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await server.PutAsync("main", second, "?publish=later")).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await server.PutAsync("main", first)).StatusCode);
        Assert.Equal([first.FileName], await server.ListedAsync("main"));
    }

    [Fact]
    public async Task Chosen_branches_replace_their_own_packages_and_the_default_branch_never()
    {
        await using var server = await RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new() { Root = "", ReplacingBranches = [new("feature/*"), new("main")] },
            }
        );
        var (first, second) = (await SamplePackage.MakeAsync(content: "first"), await SamplePackage.MakeAsync(content: "second"));
        foreach (var gitRef in new[] { "feature/x", "other" })
            await server.JsonAsync(HttpMethod.Post, "api/branches", new { @ref = gitRef }, HttpStatusCode.Created);
        foreach (var branch in new[] { "main", "feature-x", "other" })
            await server.PutAsync(branch, first);

        Assert.Equal(HttpStatusCode.Conflict, (await server.PutAsync("main", second)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await server.PutAsync("feature-x", second)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await server.PutAsync("other", second)).StatusCode);

        Assert.Equal(second.Bytes, await server.Http.GetByteArrayAsync($"feature-x/{second.FileName}"));
        Assert.Equal(first.Bytes, await server.Http.GetByteArrayAsync($"feature-x/{first.PoolPath}"));
        await server.RestartAsync();
        Assert.Equal(["present"], await server.BatchAsync("feature-x", second));
        Assert.Equal(["linked"], await server.BatchAsync("feature-x", first));
        Assert.Equal(first.Bytes, await server.Http.GetByteArrayAsync($"feature-x/{second.FileName}"));
    }

    [Fact]
    public async Task A_refresh_brings_what_is_newer_in_the_parent_and_leaves_own_builds_alone()
    {
        await using var server = await RunningServer.StartAsync();
        await server.PutAsync("main", await SamplePackage.MakeAsync("inherited", "1.9"));
        await server.PutAsync("main", await SamplePackage.MakeAsync("own", "1"));
        await server.PutAsync("feature-x", await SamplePackage.MakeAsync("own", "1+x"));
        foreach (
            var package in new[]
            {
                await SamplePackage.MakeAsync("inherited", "1.10"),
                await SamplePackage.MakeAsync("own", "2"),
                await SamplePackage.MakeAsync("new"),
            }
        )
            await server.PutAsync("main", package);

        var refreshed = await RefreshAsync();
        var inRelease = await server.InReleaseAsync("feature-x");
        await server.RestartAsync();

        Assert.Equal(["inherited_1.10_amd64.deb", "new_5.4.6-1_amd64.deb"], refreshed);
        Assert.Equal(
            ["inherited_1.10_amd64.deb", "new_5.4.6-1_amd64.deb", "own_1+x_amd64.deb", "own_1_amd64.deb"],
            await server.ListedAsync("feature-x")
        );
        Assert.Empty(await RefreshAsync());
        Assert.Equal(inRelease, await server.InReleaseAsync("feature-x"));
        // Still inherited: it gives way to the branch's own.
        Assert.Equal(
            HttpStatusCode.Created,
            (await server.PutAsync("feature-x", await SamplePackage.MakeAsync("inherited", "1.10", content: "own"))).StatusCode
        );

        async Task<string[]> RefreshAsync() =>
            [
                .. (await server.JsonAsync(HttpMethod.Put, "api/branches/feature-x", new { refresh = true }))["refreshed"]!
                    .AsArray()
                    .Select(file => (string)file!)
                    .Order(StringComparer.Ordinal),
            ];
    }

    [Fact]
    public async Task A_branch_can_start_from_another_parent_or_from_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        await server.PutAsync("main", await SamplePackage.MakeAsync("mains"));
        await server.JsonAsync(HttpMethod.Put, "api/branches/empty", new { parent = "" }, HttpStatusCode.Created);
        await server.PutAsync("empty", await SamplePackage.MakeAsync("own"));
        await server.JsonAsync(HttpMethod.Put, "api/branches/child", new { parent = "empty" }, HttpStatusCode.Created);

        Assert.Equal(["own_5.4.6-1_amd64.deb"], await server.ListedAsync("empty"));
        Assert.Equal(["own_5.4.6-1_amd64.deb"], await server.ListedAsync("child"));
        Assert.Equal("empty", (string?)(await server.GetAsync("api/branches/child"))["parent"]);
        await server.JsonAsync(HttpMethod.Put, "api/branches/orphan", new { parent = "nobody" }, HttpStatusCode.NotFound);
        Assert.Equal(["child", "empty", "main"], Names(await server.GetAsync("api/branches")));
    }

    [Fact]
    public async Task Old_versions_leave_by_number_and_by_age_when_a_new_one_comes()
    {
        var clock = new Clock();
        await using var server = await RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new()
                {
                    Root = "",
                    Time = clock,
                    Versions = [new(new("main"), Count: 2), new(new("feature-*"), Age: TimeSpan.FromDays(2))],
                },
            }
        );
        foreach (var branch in new[] { "main", "feature-x", "other" })
            await server.JsonAsync(HttpMethod.Put, $"api/branches/{branch}", expected: HttpStatusCode.Created);
        foreach (var version in new[] { "1.2", "1.10", "1.9" })
        {
            var package = await SamplePackage.MakeAsync(version: version);
            await server.PutAsync("main", package);
            await server.PutAsync("feature-x", package);
            await server.PutAsync("other", package);
            clock.Advance(TimeSpan.FromHours(23));
        }
        await server.PutAsync("main", await SamplePackage.MakeAsync("untouched", "1"));
        Assert.Equal(["lua_1.10_amd64.deb", "lua_1.9_amd64.deb", "untouched_1_amd64.deb"], await server.ListedAsync("main"));

        // What is listed now stays, even if it is the oldest.
        foreach (var branch in new[] { "main", "feature-x", "other" })
            await server.PutAsync(branch, await SamplePackage.MakeAsync(version: "1.1"));

        Assert.Equal(
            ["lua_1.10_amd64.deb", "lua_1.1_amd64.deb", "lua_1.9_amd64.deb", "untouched_1_amd64.deb"],
            await server.ListedAsync("main")
        );
        Assert.Equal(["lua_1.10_amd64.deb", "lua_1.1_amd64.deb", "lua_1.9_amd64.deb"], await server.ListedAsync("feature-x"));
        Assert.Equal(4, (await server.ListedAsync("other")).Length);
        var gone = await SamplePackage.MakeAsync(version: "1.2");
        Assert.Equal(gone.Bytes, await server.Http.GetByteArrayAsync($"feature-x/{gone.PoolPath}"));
    }

    [Fact]
    public async Task Any_number_of_suites_components_and_architectures_stand_beside_each_other()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (
            var (suite, component, architecture) in from suite in new[] { "stable", "unstable" }
            from component in new[] { "main", "contrib" }
            from architecture in new[] { "musl64", "e2k", "all" }
            select (suite, component, architecture)
        )
            await server.PutAsync(
                "main",
                await SamplePackage.MakeAsync($"{suite}-{component}", architecture: architecture),
                $"?suite={suite}&component={component}"
            );

        foreach (var suite in new[] { "stable", "unstable" })
        {
            var release = ReleaseFile.Parse(await server.Http.GetStringAsync($"main/dists/{suite}/Release"));
            Assert.Equal(["amd64", "arm64", "e2k", "musl64"], release.Architectures.Select(architecture => architecture.ToString()));
            Assert.Equal(["contrib", "main"], release.Components);
            foreach (var component in release.Components)
            foreach (var architecture in release.Architectures)
            {
                using var reader = new StreamReader(
                    GZip.Decompress(await server.Http.GetStreamAsync($"main/dists/{suite}/{component}/binary-{architecture}/Packages.gz"))
                );
                var own = architecture.ToString() is "e2k" or "musl64" ? new[] { "all", architecture.ToString() } : ["all"];
                Assert.Equal(own, Stanza.ParseAll(reader).Select(stanza => stanza["Architecture"]).Order());
            }
        }
    }

    [Theory]
    [InlineData(DebCompression.GZip)]
    [InlineData(DebCompression.Xz)]
    public async Task Members_may_be_compressed_in_any_way_dpkg_writes(DebCompression compression)
    {
        await using var server = await RunningServer.StartAsync();
        using var bytes = new MemoryStream();
        var writer = new DebWriter(Control("Package-Type: deb\n"), DateTimeOffset.UnixEpoch) { Compression = compression };
        await writer.WriteAsync(bytes);

        Assert.Equal(
            HttpStatusCode.Created,
            (await server.Http.PutAsync($"main/{writer.FileName}", new ByteArrayContent(bytes.ToArray()))).StatusCode
        );
    }

    [Fact]
    public async Task An_installers_package_is_refused_by_what_it_says_and_by_its_name()
    {
        await using var server = await RunningServer.StartAsync();
        using var bytes = new MemoryStream();
        var writer = new DebWriter(Control("Package-Type: udeb\n"), DateTimeOffset.UnixEpoch);
        await writer.WriteAsync(bytes);
        var files = server.Files();

        foreach (var name in new[] { writer.FileName.ToString(), "x_1_amd64.udeb" })
        {
            using var response = await server.Http.PutAsync($"main/{name}", new ByteArrayContent(bytes.ToArray()));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
            Assert.Contains("installer", await response.Content.ReadAsStringAsync());
        }
        Assert.Contains(
            "installer",
            (string?)
                (
                    await server.JsonAsync(
                        HttpMethod.Post,
                        "main/",
                        new { files = new[] { new { name = "x_1_amd64.udeb" } } },
                        HttpStatusCode.UnprocessableEntity
                    )
                )["detail"]
        );
        Assert.Equal(files, server.Files());
    }

    [Fact]
    public async Task Lists_come_in_pages_and_by_what_is_asked_for()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var name in new[] { "a", "b", "c" })
        {
            await server.PutAsync("main", await SamplePackage.MakeAsync($"lib{name}"));
            await server.JsonAsync(
                HttpMethod.Put,
                $"api/branches/feature-{name}",
                expected: HttpStatusCode.Created,
                project: $"group/{name}"
            );
        }

        var first = await server.GetAsync("api/branches?limit=2");
        var second = await server.GetAsync($"api/branches?limit=2&after={first["next"]}");
        Assert.Equal(["feature-a", "feature-b", "feature-c", "main"], [.. Names(first), .. Names(second)]);
        Assert.Null(second["next"]);
        Assert.Equal(["feature-b"], Names(await server.GetAsync("api/branches?owner=group/b")));
        Assert.Equal(["feature-a", "feature-b", "feature-c"], Names(await server.GetAsync("api/branches?name=feature-*")));

        var page = await server.GetAsync("api/branches/main?limit=2");
        Assert.Equal(["liba", "libb"], Packages(page));
        Assert.Equal(
            ["libc"],
            Packages(await server.GetAsync($"api/branches/main?limit=2&after={Uri.EscapeDataString((string)page["next"]!)}"))
        );
        Assert.Equal(
            ["libb"],
            Packages(await server.GetAsync("api/branches/main?package=*b&architecture=amd64&suite=stable&component=main&ownership=own"))
        );
        Assert.Empty(Packages(await server.GetAsync("api/branches/main?ownership=inherited")));
        await server.JsonAsync(HttpMethod.Get, "api/branches?limit=0", expected: HttpStatusCode.BadRequest);

        static string[] Packages(JsonNode branch) => [.. branch["packages"]!.AsArray().Select(package => (string)package!["package"]!)];
    }

    static string[] Names(JsonNode list) => [.. list["branches"]!.AsArray().Select(branch => (string)branch!["branch"]!)];

    static Stanza Control(string more) =>
        Stanza.Parse(
            $"Package: lua\nVersion: 5\nArchitecture: amd64\n{more}Maintainer: Debyard <debyard@example.org>\nDescription: a sample\n"
        );
}
