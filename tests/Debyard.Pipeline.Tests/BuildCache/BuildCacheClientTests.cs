using System.Text;
using Debyard.Debian.Digests;
using Debyard.Pipeline.Artifacts;
using Debyard.Pipeline.BuildCache;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Repository;

namespace Debyard.Pipeline.Tests.BuildCache;

public sealed class BuildCacheClientTests : IDisposable
{
    const string Zip = "player-zip_1.3-1_amd64.deb";

    readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Builds_are_queried_with_all_fingerprints_in_one_request()
    {
        using var server = new ScriptedServer(new Answer(200, Builds("aaa", "zip")));
        using var client = new BuildCacheClient(server.Address with { Token = "t0ken" });

        var found = await client.FindAsync(["aaa", "bbb"], CancellationToken.None);

        var (fingerprint, build) = Assert.Single(found);
        Assert.Equal(("aaa", "main"), (fingerprint, build.Branch));
        Assert.Equal([new Artifact(Zip, DigestsOf("zip"))], build.Artifacts);
        Assert.Equal([new ReceivedRequest("POST", "/api/builds", "Bearer t0ken", """{"fingerprints":["aaa","bbb"]}""")], server.Requests);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"builds":[]}""")]
    [InlineData("""{"builds":[{"fingerprint":"zzz","branch":"main","files":[]}]}""")] // which was not asked for
    public async Task A_cache_without_the_builds_gives_none(string answer)
    {
        using var server = new ScriptedServer(new Answer(200, answer));
        using var client = new BuildCacheClient(server.Address);

        Assert.Empty(await client.FindAsync(["aaa"], CancellationToken.None));
    }

    [Fact]
    public async Task A_refusal_has_the_servers_reason()
    {
        using var server = new ScriptedServer(
            new Answer(403, """{"status":403,"detail":"This token may not read."}""", ContentType: "application/problem+json")
        );
        using var client = new BuildCacheClient(server.Address);

        var failure = await Assert.ThrowsAsync<PipelineException>(() => client.FindAsync(["aaa", "bbb"], CancellationToken.None));

        Assert.StartsWith("asking for 2 builds: http://127.0.0.1:", failure.Message, StringComparison.Ordinal);
        Assert.Contains(" answered 403 Forbidden. This token may not read. Set DEBYARD_TOKEN", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_of_another_kind_is_recognized()
    {
        using var server = new ScriptedServer(new Answer(200, "<html>", ContentType: "text/html"));
        using var client = new BuildCacheClient(server.Address);

        var failure = await Assert.ThrowsAsync<PipelineException>(() => client.FindAsync(["aaa"], CancellationToken.None));

        Assert.EndsWith("is it a Debyard server?", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Builds_are_recorded_with_their_files_and_builds_without_files_are_left_out()
    {
        using var server = new ScriptedServer(new Answer(200, """{"branch":"feature-x","recorded":1}"""));
        using var client = new BuildCacheClient(server.Address);
        var (empty, full) = (Fingerprint.Over([new Input("empty", "")]), Fingerprint.Over([new Input("full", "")]));

        await client.RecordAsync(
            "feature-x",
            [new FinishedBuild(empty, []), new FinishedBuild(full, [new PackageFile(null, Zip, DigestsOf("zip"))])],
            CancellationToken.None
        );

        Assert.Equal(
            [
                new ReceivedRequest(
                    "POST",
                    "/api/branches/feature-x/builds",
                    null,
                    $$"""{"builds":[{"fingerprint":"{{full}}","files":[{"name":"{{Zip}}","sha256":"{{DigestsOf("zip").Sha256}}"}]}]}"""
                ),
            ],
            server.Requests
        );
    }

    [Fact]
    public async Task Nothing_to_record_is_not_sent()
    {
        using var server = new ScriptedServer();
        using var client = new BuildCacheClient(server.Address);

        await client.RecordAsync("main", [new FinishedBuild(Fingerprint.Over([]), [])], CancellationToken.None);

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_package_is_downloaded_from_the_suite_and_component_it_is_in()
    {
        using var server = new ScriptedServer(new Answer(200, "zip"));
        using var client = new BuildCacheClient(server.Address with { Suite = "testing", Component = "non free" });

        await client.DownloadAsync("main", new Artifact("a+b_1_all.deb", DigestsOf("zip")), folder["zip.deb"], CancellationToken.None);

        Assert.Equal("zip", File.ReadAllText(folder["zip.deb"]));
        Assert.Equal("/main/a%2Bb_1_all.deb?suite=testing&component=non%20free", Assert.Single(server.Requests).PathAndQuery);
    }

    [Fact]
    public async Task A_package_with_other_digests_is_refused()
    {
        using var server = new ScriptedServer(new Answer(200, "zap"));
        using var client = new BuildCacheClient(server.Address);

        var failure = await Assert.ThrowsAsync<PipelineException>(() =>
            client.DownloadAsync("main", new Artifact(Zip, DigestsOf("zip")), folder["zip.deb"], CancellationToken.None)
        );

        Assert.Equal($"{server.Address.Server} sent {Zip} with other digests than its build cache has: run again.", failure.Message);
    }

    [Fact]
    public async Task A_package_that_is_gone_is_named()
    {
        using var server = new ScriptedServer(
            new Answer(404, """{"status":404,"detail":"There is no such file."}""", ContentType: "application/problem+json")
        );
        using var client = new BuildCacheClient(server.Address);

        var failure = await Assert.ThrowsAsync<PipelineException>(() =>
            client.DownloadAsync("main", new Artifact(Zip, DigestsOf("zip")), folder["zip.deb"], CancellationToken.None)
        );

        Assert.StartsWith($"downloading {Zip}: ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("There is no such file.", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["zip.deb"]));
    }

    [Theory]
    [InlineData(true, Zip)]
    [InlineData(true, Zip, "player-zip-data_1.3-1_all.deb")]
    [InlineData(false)]
    [InlineData(false, "player-zip-data_1.3-1_all.deb")]
    [InlineData(false, "player-zip_1.4-1_amd64.deb")]
    [InlineData(false, Zip, "player-zip-tools_1.3-1_arm64.deb")]
    [InlineData(false, Zip, "notes.txt")]
    public void Artifacts_belong_to_an_image_if_they_include_its_package_and_fit_its_architecture(bool belong, params string[] files)
    {
        using var workspace = new Workspace();

        Assert.Equal(
            belong,
            BuildCacheClient.AreArtifactsOf(
                workspace.Image("player-zip/amd64"),
                [.. files.Select(file => new Artifact(file, DigestsOf(file)))]
            )
        );
    }

    internal static string Builds(string fingerprint, string content, string fileName = Zip)
    {
        var digests = DigestsOf(content);
        return $$"""
            {"builds":[{"fingerprint":"{{fingerprint}}","branch":"main","files":[{"name":"{{fileName}}","size":{{digests.Size}},
            "md5":"{{digests.Md5}}","sha1":"{{digests.Sha1}}","sha256":"{{digests.Sha256}}"}]}]}
            """;
    }

    internal static FileDigests DigestsOf(string content) =>
        FileDigests.ComputeAsync(new MemoryStream(Encoding.UTF8.GetBytes(content))).GetAwaiter().GetResult();

    public void Dispose() => folder.Dispose();
}
