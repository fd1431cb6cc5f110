using Debyard.Pipeline.Artifacts;
using Debyard.Pipeline.BuildCache;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Repository;

namespace Debyard.Pipeline.Tests.BuildCache;

public sealed class CachedImagesTests : IDisposable
{
    const string Zip = "player-zip_1.3-1_amd64.deb";

    readonly Workspace workspace = new();
    readonly List<string> lines = [];
    readonly List<string> warnings = [];
    readonly Image zip;

    public CachedImagesTests() => zip = workspace.Image("player-zip/amd64");

    ArtifactStore Store => new(Path.Combine(workspace.Path, "output"));

    [Fact]
    public async Task The_server_is_queried_once_and_only_for_images_with_packages()
    {
        using var server = new ScriptedServer(new Answer(200, BuildCacheClientTests.Builds(zip.Fingerprint.Value, "zip")));
        using var client = new BuildCacheClient(server.Address);
        var cached = Cached(client);

        await cached.QueryAsync([zip, .. zip.Parents.Values], CancellationToken.None);
        await cached.QueryAsync([zip], CancellationToken.None);

        Assert.Equal("main", cached.Find(zip)!.Branch);
        Assert.Equal([$"player-zip/amd64 cached on the server, built for main ({zip.Fingerprint.Brief})"], lines);
        Assert.Equal($$"""{"fingerprints":["{{zip.Fingerprint}}"]}""", Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task Images_that_the_workspace_has_are_not_queried()
    {
        using var server = new ScriptedServer();
        using var client = new BuildCacheClient(server.Address);
        await Store.KeepAsync(zip, _ => Task.FromResult<IReadOnlyList<Artifact>>([]));
        var cached = Cached(client);

        await cached.QueryAsync([zip], CancellationToken.None);

        Assert.Null(cached.Find(zip));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_build_with_packages_that_the_image_cannot_have_produced_is_ignored()
    {
        using var server = new ScriptedServer(
            new Answer(200, BuildCacheClientTests.Builds(zip.Fingerprint.Value, "zip", "player-zip_1.3-1_arm64.deb"))
        );
        using var client = new BuildCacheClient(server.Address);
        var cached = Cached(client);

        await cached.QueryAsync([zip], CancellationToken.None);

        Assert.Null(cached.Find(zip));
        Assert.Empty(lines);
    }

    [Fact]
    public async Task A_fetched_image_is_in_the_workspace_and_no_longer_cached()
    {
        using var server = new ScriptedServer(
            new Answer(200, BuildCacheClientTests.Builds(zip.Fingerprint.Value, "zip")),
            new Answer(200, "zip")
        );
        using var client = new BuildCacheClient(server.Address);
        var cached = Cached(client);
        await cached.QueryAsync([zip], CancellationToken.None);

        await cached.FetchAsync(zip, CancellationToken.None);

        Assert.Null(cached.Find(zip));
        var artifact = Assert.Single(Store.Find(zip)!.Artifacts);
        Assert.Equal("zip", File.ReadAllText(Store.PathOf(zip, artifact)));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_costs_a_warning_each_time_and_no_failure()
    {
        BuildCacheClient client;
        using (var server = new ScriptedServer())
        {
            client = new BuildCacheClient(server.Address);
        }
        using var _ = client;
        var cached = Cached(client);

        await cached.QueryAsync([zip], CancellationToken.None);
        await cached.RecordAsync(
            "main",
            [new FinishedBuild(zip.Fingerprint, [new PackageFile(null, Zip, BuildCacheClientTests.DigestsOf("zip"))])],
            CancellationToken.None
        );

        Assert.Null(cached.Find(zip));
        Assert.Collection(
            warnings,
            query => Assert.StartsWith("Cannot query the server's build cache, continuing without it: ", query, StringComparison.Ordinal),
            record => Assert.StartsWith("Cannot record the builds in the server's build cache: ", record, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Without_a_server_nothing_is_cached_and_nothing_is_recorded()
    {
        var cached = Cached(null);

        await cached.QueryAsync([zip], CancellationToken.None);
        await cached.RecordAsync("main", [new FinishedBuild(zip.Fingerprint, [])], CancellationToken.None);

        Assert.Null(cached.Find(zip));
        Assert.Empty(warnings);
    }

    CachedImages Cached(BuildCacheClient? client) => new(client, Store, lines.Add, warnings.Add);

    public void Dispose() => workspace.Dispose();
}
