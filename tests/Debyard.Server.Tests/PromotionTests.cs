using System.Net;
using System.Text.Json.Nodes;

namespace Debyard.Server.Tests;

public sealed class PromotionTests
{
    [Fact]
    public async Task Chosen_packages_are_listed_in_another_branch_in_one_publish_and_no_bytes_move()
    {
        await using var server = await RunningServer.StartAsync();
        var packages = await Task.WhenAll(
            SamplePackage.MakeAsync(version: "5.9"),
            SamplePackage.MakeAsync(version: "5.10"),
            SamplePackage.MakeAsync(version: "5.10", architecture: "e2k"),
            SamplePackage.MakeAsync("other")
        );
        foreach (var package in packages)
            await server.PutAsync("feature-x", package);
        await server.JsonAsync(HttpMethod.Put, "api/branches/release", new { parent = "" }, HttpStatusCode.Created);
        var blobs = Blobs();

        var answer = await PromoteAsync(new { from = "feature-x", packages = new[] { "lua" } });
        var inRelease = await server.InReleaseAsync("release");
        var again = await PromoteAsync(new { from = "feature-x", files = new[] { new { name = packages[1].FileName } } });

        Assert.Equal([(packages[1].FileName, "linked"), (packages[2].FileName, "linked")], Outcomes(answer));
        Assert.Equal([packages[1].FileName], await server.ListedAsync("release"));
        Assert.Equal([packages[2].FileName], await server.ListedAsync("release", "e2k"));
        Assert.Equal([(packages[1].FileName, "present")], Outcomes(again));
        Assert.Equal(inRelease, await server.InReleaseAsync("release"));
        Assert.Equal(blobs, Blobs());

        Task<JsonNode> PromoteAsync(object what) => server.JsonAsync(HttpMethod.Post, "api/branches/release/promote", what);
        string[] Blobs() => [.. server.Files().Where(file => file.StartsWith(".debyard/blobs/", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task They_go_where_the_request_says()
    {
        await using var server = await RunningServer.StartAsync();
        var package = await SamplePackage.MakeAsync();
        await server.PutAsync("feature-x", package, "?suite=unstable&component=contrib");

        await server.JsonAsync(
            HttpMethod.Post,
            "api/branches/release/promote",
            new
            {
                from = "feature-x",
                packages = new[] { "lua" },
                suite = "stable",
                component = "main",
            }
        );

        Assert.Equal([package.FileName], await server.ListedAsync("release"));
    }

    [Fact]
    public async Task Where_one_conflicts_or_is_not_there_none_is_promoted()
    {
        await using var server = await RunningServer.StartAsync();
        var (good, bad) = (await SamplePackage.MakeAsync("good"), await SamplePackage.MakeAsync("bad"));
        await server.PutAsync("feature-x", good);
        await server.PutAsync("feature-x", bad);
        await server.PutAsync("main", await SamplePackage.MakeAsync("bad", content: "other"));
        var inRelease = await server.InReleaseAsync("main");

        var conflict = await server.JsonAsync(
            HttpMethod.Post,
            "api/branches/main/promote",
            new { from = "feature-x", packages = new[] { "good", "bad" } },
            HttpStatusCode.Conflict
        );
        await server.JsonAsync(
            HttpMethod.Post,
            "api/branches/main/promote",
            new { from = "feature-x", packages = new[] { "good", "none" } },
            HttpStatusCode.NotFound
        );
        await server.JsonAsync(
            HttpMethod.Post,
            "api/branches/main/promote",
            new { from = "feature-y", packages = new[] { "good" } },
            HttpStatusCode.NotFound
        );
        await server.JsonAsync(HttpMethod.Post, "api/branches/main/promote", new { from = "feature-x" }, HttpStatusCode.BadRequest);

        Assert.Contains(bad.FileName, (string?)conflict["detail"]);
        Assert.Equal(inRelease, await server.InReleaseAsync("main"));
    }

    [Fact]
    public async Task The_difference_of_two_branches_is_by_package()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (
            var package in new[]
            {
                await SamplePackage.MakeAsync("same"),
                await SamplePackage.MakeAsync("newer", "1.9"),
                await SamplePackage.MakeAsync("rebuilt"),
                await SamplePackage.MakeAsync("removed"),
                await SamplePackage.MakeAsync("older", "2"),
            }
        )
            await server.PutAsync("main", package);
        await server.JsonAsync(HttpMethod.Put, "api/branches/feature-x", new { parent = "" }, HttpStatusCode.Created);
        foreach (
            var package in new[]
            {
                await SamplePackage.MakeAsync("same"),
                await SamplePackage.MakeAsync("newer", "1.10"),
                await SamplePackage.MakeAsync("rebuilt", content: "again"),
                await SamplePackage.MakeAsync("added"),
                await SamplePackage.MakeAsync("older", "1"),
            }
        )
            await server.PutAsync("feature-x", package);

        var differences = (await server.GetAsync("api/branches/feature-x/diff?against=main"))["differences"]!.AsArray();

        Assert.Equal(
            [
                "added added 5.4.6-1 -",
                "newer newer 1.10 1.9",
                "older older 1 2",
                "rebuilt rebuilt 5.4.6-1 5.4.6-1",
                "removed removed - 5.4.6-1",
            ],
            differences.Select(difference =>
                $"{difference!["package"]} {difference["change"]} "
                + $"{difference["version"]?.ToString() ?? "-"} {difference["against"]?.ToString() ?? "-"}"
            )
        );
        Assert.Empty((await server.GetAsync("api/branches/main/diff"))["differences"]!.AsArray());
    }

    static (string, string)[] Outcomes(JsonNode answer) =>
        [.. answer["files"]!.AsArray().Select(file => ((string)file!["name"]!, (string)file["outcome"]!))];
}
