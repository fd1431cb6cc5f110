using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Debyard.Server.Tests;

/// <summary>A verdict belongs to the bytes it was given for, and to the bytes they were installed with.</summary>
public sealed class VerdictTests
{
    static readonly string fingerprint = new('a', 64);

    [Fact]
    public async Task A_verdict_is_kept_and_survives_a_restart()
    {
        await using var server = await RunningServer.StartAsync();
        var (streamer, lua) = (await SamplePackage.MakeAsync(name: "streamer"), await SamplePackage.MakeAsync());
        await server.PutAsync("main", lua);

        Assert.Equal(HttpStatusCode.OK, await RecordAsync(server, "main", streamer, lua));
        await server.RestartAsync();

        var answer = (await FindAsync(server, "main"))!;
        Assert.Equal(streamer.FileName, (string?)answer["verdict"]!["packages"]![0]!["name"]);
        Assert.Equal("main", (string?)answer["recordedBy"]);
        Assert.Empty(answer["changed"]!.AsArray());
    }

    [Fact]
    public async Task A_changed_dependency_is_named()
    {
        await using var server = await RunningServer.StartAsync();
        var (streamer, lua) = (await SamplePackage.MakeAsync(name: "streamer"), await SamplePackage.MakeAsync(version: "1"));
        await server.PutAsync("main", lua);
        await RecordAsync(server, "main", streamer, lua);

        await server.PutAsync("main", await SamplePackage.MakeAsync(version: "2"));

        Assert.Equal($"{lua.FileName} is now {lua.FileName.Replace("_1_", "_2_")}", Assert.Single(await ChangedAsync(server, "main")));
    }

    [Fact]
    public async Task A_dependency_that_is_gone_is_named()
    {
        await using var server = await RunningServer.StartAsync();
        var (streamer, lua) = (await SamplePackage.MakeAsync(name: "streamer"), await SamplePackage.MakeAsync());

        await server.PutAsync("main", streamer);
        await RecordAsync(server, "main", streamer, lua);

        Assert.Equal($"{lua.FileName} is no longer in main", Assert.Single(await ChangedAsync(server, "main")));
    }

    [Fact]
    public async Task A_branch_finds_the_verdict_of_the_default_branch_and_not_that_of_another()
    {
        await using var server = await RunningServer.StartAsync();
        var (streamer, lua) = (await SamplePackage.MakeAsync(name: "streamer"), await SamplePackage.MakeAsync());
        await server.PutAsync("main", lua);
        await server.PutAsync("feature-x", lua);
        await server.PutAsync("feature-y", lua);

        await RecordAsync(server, "feature-x", streamer, lua);
        Assert.Null(await FindAsync(server, "feature-y"));

        await RecordAsync(server, "main", streamer, lua);
        Assert.Equal("main", (string?)(await FindAsync(server, "feature-y"))!["recordedBy"]);
        Assert.Equal("feature-x", (string?)(await FindAsync(server, "feature-x"))!["recordedBy"]);
    }

    [Fact]
    public async Task The_verdicts_of_a_package_are_listed_by_its_digest()
    {
        await using var server = await RunningServer.StartAsync();
        var (streamer, lua) = (await SamplePackage.MakeAsync(name: "streamer"), await SamplePackage.MakeAsync());
        await server.PutAsync("main", lua);
        await RecordAsync(server, "main", streamer, lua);

        Assert.Single((await server.GetAsync($"api/branches/main/verdicts?sha256={streamer.Digests.Sha256}"))["verdicts"]!.AsArray());
        Assert.Empty((await server.GetAsync($"api/branches/main/verdicts?sha256={lua.Digests.Sha256}"))["verdicts"]!.AsArray());
    }

    [Fact]
    public async Task A_verdict_about_nothing_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        await server.PutAsync("main", await SamplePackage.MakeAsync());

        var body = new JsonObject { ["fingerprint"] = fingerprint, ["packages"] = new JsonArray() };
        using var nothing = await server.Http.PutAsJsonAsync($"api/branches/main/verdicts/{fingerprint}", body);
        using var other = await server.Http.PutAsJsonAsync($"api/branches/main/verdicts/{new string('b', 64)}", body);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.BadRequest), (nothing.StatusCode, other.StatusCode));
    }

    [Fact]
    public async Task The_plan_of_a_package_is_found_where_the_package_is_linked()
    {
        await using var server = await RunningServer.StartAsync();
        var lua = await SamplePackage.MakeAsync();
        await server.PutAsync("main", lua);
        var plan = new JsonObject
        {
            ["product"] = "streamer",
            ["plan"] = "{}",
            ["files"] = new JsonObject { ["licence"] = "AAAA" },
        };

        using var recorded = await server.Http.PutAsJsonAsync($"api/branches/main/plans/{lua.Digests.Sha256}", plan);
        await server.PutAsync("feature-x", lua);

        Assert.Equal(HttpStatusCode.OK, recorded.StatusCode);
        var found = Assert.Single((await server.GetAsync("api/branches/feature-x/plans"))["plans"]!.AsArray())!;
        Assert.Equal((lua.FileName, "main"), ((string?)found["name"], (string?)found["recordedBy"]));
        Assert.Equal("AAAA", (string?)found["plan"]!["files"]!["licence"]);
    }

    [Fact]
    public async Task A_plan_for_bytes_that_the_branch_does_not_list_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        await server.PutAsync("main", await SamplePackage.MakeAsync());

        var plan = new JsonObject { ["product"] = "streamer", ["plan"] = "{}" };
        using var answer = await server.Http.PutAsJsonAsync($"api/branches/main/plans/{fingerprint}", plan);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
    }

    static async Task<HttpStatusCode> RecordAsync(RunningServer server, string branch, SamplePackage validated, SamplePackage installed)
    {
        var verdict = new JsonObject
        {
            ["fingerprint"] = fingerprint,
            ["packages"] = new JsonArray(File(validated, false)),
            ["installed"] = new JsonArray(File(installed, true)),
            ["passed"] = "2026-11-24T20:00:00Z",
        };
        using var answer = await server.Http.PutAsJsonAsync($"api/branches/{branch}/verdicts/{fingerprint}", verdict);
        return answer.StatusCode;

        static JsonObject File(SamplePackage package, bool isOfBranch) =>
            new()
            {
                ["name"] = package.FileName,
                ["sha256"] = package.Digests.Sha256.ToString(),
                ["branch"] = isOfBranch,
            };
    }

    static async Task<JsonNode?> FindAsync(RunningServer server, string branch)
    {
        using var answer = await server.Http.GetAsync(new Uri($"api/branches/{branch}/verdicts/{fingerprint}", UriKind.Relative));
        return answer.StatusCode == HttpStatusCode.NotFound ? null : JsonNode.Parse(await answer.Content.ReadAsStringAsync());
    }

    static async Task<IEnumerable<string?>> ChangedAsync(RunningServer server, string branch) =>
        (await FindAsync(server, branch))!["changed"]!.AsArray().Select(line => (string?)line);
}
