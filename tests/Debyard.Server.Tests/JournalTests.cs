using System.Net;

namespace Debyard.Server.Tests;

public sealed class JournalTests
{
    [Fact]
    public async Task It_says_who_did_what_newest_first_and_only_what_was_done()
    {
        var clock = new Clock();
        await using var server = await RunningServer.StartAsync(clock);
        var package = await SamplePackage.MakeAsync();
        await server.PutAsync("main", package);
        await server.PutAsync("main", package);
        await server.BatchAsync("main", package);
        await server.JsonAsync(
            HttpMethod.Put,
            "api/branches/feature-x",
            new { @ref = "feature/x" },
            HttpStatusCode.Created,
            "group/product"
        );
        await server.JsonAsync(HttpMethod.Delete, $"feature-x/{package.FileName}");
        await server.RestartAsync();
        await server.JsonAsync(HttpMethod.Put, "api/branches/feature-x", new { refresh = true });
        await server.JsonAsync(HttpMethod.Post, "api/branches/release/promote", new { from = "feature-x", packages = new[] { "lua" } });
        await server.JsonAsync(HttpMethod.Delete, "api/branches/feature-x");
        await server.JsonAsync(HttpMethod.Post, "api/branches/feature-x/restore");

        Assert.Equal(
            [
                "restored feature-x",
                "retired feature-x",
                "promoted release stable/main/lua_5.4.6-1_amd64.deb from feature-x",
                "created release from main",
                "refreshed feature-x stable/main/lua_5.4.6-1_amd64.deb from main",
                "deleted feature-x stable/main/lua_5.4.6-1_amd64.deb",
                "created feature-x from main by group/product",
                "published main stable/main/lua_5.4.6-1_amd64.deb",
                "created main",
            ],
            await EntriesAsync("api/journal")
        );
        Assert.Equal(["published main stable/main/lua_5.4.6-1_amd64.deb", "created main"], await EntriesAsync("api/journal?branch=main"));
        var page = await server.GetAsync("api/journal?limit=4");
        Assert.Equal(
            ["refreshed feature-x stable/main/lua_5.4.6-1_amd64.deb from main"],
            await EntriesAsync($"api/journal?limit=1&before={page["next"]}")
        );
        await server.JsonAsync(HttpMethod.Get, "api/journal?before=yesterday", expected: HttpStatusCode.BadRequest);

        async Task<string[]> EntriesAsync(string path) =>
            [
                .. (await server.GetAsync(path))["entries"]!
                    .AsArray()
                    .Select(entry =>
                        $"{entry!["act"]} {entry["branch"]}"
                        + string.Concat((entry["files"]?.AsArray() ?? []).Select(file => $" {file}"))
                        + (entry["from"] is { } from ? $" from {from}" : "")
                        + (entry["project"] is { } project ? $" by {project}" : "")
                    ),
            ];
    }

    [Fact]
    public async Task A_line_that_a_crash_cut_short_is_cut_away_and_the_next_stands_alone()
    {
        await using var server = await RunningServer.StartAsync();
        await server.JsonAsync(HttpMethod.Put, "api/branches/main", expected: HttpStatusCode.Created);
        await server.StopAsync();
        var file = Assert.Single(Directory.GetFiles(Path.Combine(server.Root, ".debyard/journal")));
        await File.AppendAllTextAsync(file, "{\"at\":\"2026-");

        await server.RestartAsync();
        await server.JsonAsync(HttpMethod.Put, "api/branches/feature-x", expected: HttpStatusCode.Created);

        Assert.Equal(
            ["feature-x", "main"],
            (await server.GetAsync("api/journal"))["entries"]!.AsArray().Select(entry => (string?)entry!["branch"])
        );
        Assert.Equal(2, (await File.ReadAllLinesAsync(file)).Length);
    }
}
