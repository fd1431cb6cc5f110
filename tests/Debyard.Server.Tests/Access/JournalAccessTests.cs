using System.Text.Json.Nodes;
using Debyard.Server.Configuration;

namespace Debyard.Server.Tests.Access;

/// <summary>What the journal tells to whom.</summary>
public sealed class JournalAccessTests : IAsyncLifetime, IDisposable
{
    static readonly TestToken admin = new("admin") { IsAdministrator = true };
    static readonly TestToken all = new("all") { Write = ["*"] };
    static readonly TestToken feature = new("feature") { Write = ["feature-*"] };

    readonly FakeGitLab gitLab = new();
    RunningServer server = null!;

    public async Task InitializeAsync() =>
        server = await RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new() { Root = "" },
                Access = gitLab.Access with
                {
                    Tokens = [admin.Configured, all.Configured, feature.Configured],
                    Private = [new("secret/*")],
                },
            }
        );

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose() => gitLab.Dispose();

    [Fact]
    public async Task Only_administrators_see_who_made_a_change_for_which_project_and_from_which_address()
    {
        var package = await SamplePackage.MakeAsync();
        Assert.Equal(201, await server.PutAsync(gitLab.Token(DateTimeOffset.UtcNow), "feature-x", package));

        foreach (var token in new[] { null, all.Secret, feature.Secret, gitLab.Token(DateTimeOffset.UtcNow) })
        {
            var text = (await server.AskAsync(token, HttpMethod.Get, "api/journal")).Body;
            Assert.All(
                JsonNode.Parse(text)!["entries"]!.AsArray(),
                entry => Assert.Equal(["at", "act", "branch", "files", "ref"], entry!.AsObject().Select(field => field.Key))
            );
            Assert.Contains("\"created\"", text, StringComparison.Ordinal);
        }
        var published = JsonNode.Parse((await server.AskAsync(admin.Secret, HttpMethod.Get, "api/journal")).Body)!["entries"]![0]!;
        Assert.Equal(
            ("job 302 of video/streamer", "video/streamer", "127.0.0.1", "feature/x"),
            ((string?)published["who"], (string?)published["project"], (string?)published["address"], (string?)published["ref"])
        );
    }

    [Fact]
    public async Task Neither_pages_nor_their_positions_tell_strangers_of_private_branches()
    {
        var package = await SamplePackage.MakeAsync();
        await server.PutAsync(all.Secret, "feature-a", package);
        var before = await PagesAsync(null);
        Assert.Equal(2, before.Count);

        for (var change = 0; change < 3; change++)
            await server.PutAsync(all.Secret, "secret-s", await SamplePackage.MakeAsync(version: $"{change}"), "secret/s");
        await server.PutAsync(all.Secret, "feature-b", package);

        var after = await PagesAsync(null);
        Assert.Equal(["feature-b", "feature-b", "feature-a", "feature-a"], after);
        Assert.Equal(8, (await PagesAsync(admin.Secret)).Count);
        Assert.Equal(400, await server.GetStatusAsync(null, "api/journal?before=2026-11:0"));
        Assert.Equal(400, await server.GetStatusAsync(null, "api/journal?before=AAAA"));

        async Task<List<string?>> PagesAsync(string? token)
        {
            var branches = new List<string?>();
            for (var (next, isFirst) = ((string?)null, true); isFirst || next is not null; isFirst = false)
            {
                var path = $"api/journal?limit=1{(next is null ? "" : $"&before={Uri.EscapeDataString(next)}")}";
                var page = JsonNode.Parse((await server.AskAsync(token, HttpMethod.Get, path)).Body)!;
                branches.AddRange(page["entries"]!.AsArray().Select(entry => (string?)entry!["branch"]));
                next = (string?)page["next"];
                if (token is null && next is not null)
                    Assert.Matches("^[A-Za-z0-9_-]{80}$", next);
            }
            return branches;
        }
    }

    [Fact]
    public async Task What_a_private_branch_did_stays_hidden_when_another_ref_has_its_folder()
    {
        var package = await SamplePackage.MakeAsync();
        await server.PutAsync(all.Secret, "secret-s", package, "secret/s");
        Assert.Equal(200, (await server.AskAsync(all.Secret, HttpMethod.Delete, "api/branches/secret-s")).Status);
        await server.PutAsync(all.Secret, "secret-s", package, "secret-s");

        var seen = (await server.AskAsync(null, HttpMethod.Get, "api/journal?branch=secret-s")).Body;

        Assert.Equal(200, await server.GetStatusAsync(null, "secret-s.sources"));
        Assert.All(JsonNode.Parse(seen)!["entries"]!.AsArray(), entry => Assert.Equal("secret-s", (string?)entry!["ref"]));
        Assert.DoesNotContain("retired", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_behind_a_trusted_proxy_is_the_client_s_and_nobody_else_can_name_one()
    {
        foreach (var (proxy, expected) in new[] { ("127.0.0.1", "192.0.2.7"), ("10.0.0.1", "127.0.0.1") })
        {
            await using var proxied = await RunningServer.StartAsync(
                new ServerOptions
                {
                    Repository = new() { Root = "" },
                    TrustedProxies = [System.Net.IPAddress.Parse(proxy)],
                }
            );
            proxied.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.1, 192.0.2.7");
            await proxied.PutAsync("main", await SamplePackage.MakeAsync());

            var entry = (await proxied.GetAsync("api/journal"))["entries"]![0]!;
            Assert.Equal(expected, (string?)entry["address"]);
        }
    }
}
