using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Debyard.Server.Tests;

public sealed class BranchTests
{
    [Fact]
    public async Task The_first_write_gives_a_branch_the_latest_packages_of_the_default_branch()
    {
        await using var server = await RunningServer.StartAsync();
        var (old, latest, other) = (
            await SamplePackage.MakeAsync(version: "5.9"),
            await SamplePackage.MakeAsync(version: "5.10"),
            await SamplePackage.MakeAsync(architecture: "arm64")
        );
        foreach (var package in new[] { old, latest, other })
            await server.PutAsync("main", package);
        var own = await SamplePackage.MakeAsync("streamer", architecture: "all");

        Assert.Equal(HttpStatusCode.Created, (await server.PutAsync("feature-x", own)).StatusCode);

        Assert.Equal([latest.FileName, own.FileName], await server.ListedAsync("feature-x"));
        Assert.Equal([other.FileName, own.FileName], await server.ListedAsync("feature-x", "arm64"));
    }

    [Fact]
    public async Task What_a_branch_inherits_is_linked_in_the_request_that_makes_it_and_present_later()
    {
        await using var server = await RunningServer.StartAsync();
        var package = await SamplePackage.MakeAsync();
        await server.PutAsync("main", package);

        Assert.Equal(["linked"], await server.BatchAsync("feature-x", package));
        Assert.Equal(["present"], await server.BatchAsync("feature-x", package));
    }

    [Fact]
    public async Task An_inherited_package_gives_way_to_the_branchs_own_build_even_after_a_restart()
    {
        await using var server = await RunningServer.StartAsync();
        var inherited = await SamplePackage.MakeAsync(content: "inherited");
        var own = await SamplePackage.MakeAsync(content: "own");
        await server.PutAsync("main", inherited);
        await server.BatchAsync("feature-x", inherited);
        await server.RestartAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await server.ProbeAsync("feature-x", own)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await server.PutAsync("feature-x", own)).StatusCode);
        await server.RestartAsync();

        Assert.Equal(
            HttpStatusCode.Conflict,
            (await server.PutAsync("feature-x", await SamplePackage.MakeAsync(content: "third"))).StatusCode
        );
        Assert.Equal(HttpStatusCode.Conflict, (await server.ProbeAsync("feature-x", inherited)).StatusCode);
        Assert.Equal(own.Bytes, await server.Http.GetByteArrayAsync($"feature-x/{own.FileName}"));
        Assert.Equal(inherited.Bytes, await server.Http.GetByteArrayAsync($"feature-x/{inherited.PoolPath}"));
        Assert.Equal(inherited.Bytes, await server.Http.GetByteArrayAsync($"main/{inherited.FileName}"));
    }

    [Fact]
    public async Task A_probe_that_finds_nothing_makes_no_branch()
    {
        await using var server = await RunningServer.StartAsync();
        var files = server.Files();

        Assert.Equal(HttpStatusCode.NotFound, (await server.ProbeAsync("feature-x", await SamplePackage.MakeAsync())).StatusCode);

        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync("feature-x/dists/stable/InRelease")).StatusCode);
        Assert.Equal(files, server.Files());
    }

    [Fact]
    public async Task Two_refs_with_one_slug_get_folders_of_their_own_and_keep_them()
    {
        await using var server = await RunningServer.StartAsync();

        var first = await CreateAsync("feature-x", "feature/x");
        var second = await CreateAsync("feature-x", "feature-x");
        await server.RestartAsync();

        Assert.Equal((HttpStatusCode.Created, "feature-x"), first);
        Assert.Equal((HttpStatusCode.Created, "feature-x-c791eb"), second);
        Assert.Equal((HttpStatusCode.OK, "feature-x"), await CreateAsync("feature-x", "feature/x"));
        Assert.Equal((HttpStatusCode.OK, "feature-x-c791eb"), await CreateAsync("feature-x", "feature-x"));

        async Task<(HttpStatusCode, string?)> CreateAsync(string folder, string gitRef)
        {
            using var response = await server.Http.PutAsJsonAsync($"api/branches/{folder}", new { @ref = gitRef });
            var answer = await response.Content.ReadFromJsonAsync<JsonNode>();
            Assert.Equal(gitRef, (string?)answer!["ref"]);
            Assert.Equal(new Uri(server.Url, $"{answer["branch"]}/").ToString(), (string?)answer["url"]);
            return (response.StatusCode, (string?)answer["branch"]);
        }
    }

    [Fact]
    public async Task A_write_for_another_ref_is_refused_and_changes_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        var package = await SamplePackage.MakeAsync();
        Assert.Equal(HttpStatusCode.Created, (await PutAsync("feature/x")).StatusCode);
        var files = server.Files();

        using var refused = await PutAsync("feature-x");

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("POST /api/branches returns the folder of feature-x", await refused.Content.ReadAsStringAsync());
        Assert.Equal(files, server.Files());

        async Task<HttpResponseMessage> PutAsync(string gitRef)
        {
            var request = new HttpRequestMessage(HttpMethod.Put, $"feature-x/{package.FileName}")
            {
                Content = new ByteArrayContent(package.Bytes),
            };
            request.Headers.Add("X-Debyard-Ref", gitRef);
            return await server.Http.SendAsync(request);
        }
    }

    [Theory]
    [InlineData("InRelease")]
    [InlineData("Release")]
    [InlineData("Release.gpg")]
    [InlineData("by-hash")]
    public async Task A_component_with_the_name_of_a_suite_s_file_is_refused(string component)
    {
        await using var server = await RunningServer.StartAsync();
        var package = await SamplePackage.MakeAsync();

        using var refused = await server.PutAsync("main", package, $"?component={component}");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await server.PutAsync("main", package)).StatusCode);
    }

    [Fact]
    public async Task The_document_is_there_for_HEAD_too()
    {
        await using var server = await RunningServer.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await server.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "openapi.json"))).StatusCode);
    }

    [Theory]
    [InlineData("api")]
    [InlineData("healthz")]
    [InlineData("Feature")]
    [InlineData("-x")]
    [InlineData("a_b")]
    public async Task A_folder_that_is_no_slug_is_refused(string folder)
    {
        await using var server = await RunningServer.StartAsync();

        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await server.Http.PutAsJsonAsync($"api/branches/{folder}", new { @ref = folder })).StatusCode
        );
        Assert.False((await server.PutAsync(folder, await SamplePackage.MakeAsync())).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Branches_are_listed_and_one_shows_its_packages()
    {
        await using var server = await RunningServer.StartAsync();
        var package = await SamplePackage.MakeAsync();
        await server.PutAsync("main", package);
        await server.BatchAsync("feature-x", package);

        var list = await server.Http.GetFromJsonAsync<JsonNode>("api/branches");
        var shown = await server.Http.GetFromJsonAsync<JsonNode>("api/branches/feature-x");

        Assert.Equal(["feature-x", "main"], list!["branches"]!.AsArray().Select(branch => (string?)branch!["branch"]));
        Assert.Equal("main", (string?)shown!["parent"]);
        var entry = Assert.Single(shown["packages"]!.AsArray())!;
        Assert.Equal(
            (package.FileName, "inherited", package.Digests.Sha256.ToString()),
            ((string?)entry["name"], (string?)entry["ownership"], (string?)entry["sha256"])
        );
        Assert.Equal(package.Bytes, await server.Http.GetByteArrayAsync((string?)entry["url"]));
        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync("api/branches/feature-y")).StatusCode);
    }
}
