namespace Docker.DotNet.Tests;

[Collection(nameof(Engine))]
public sealed class SystemTests(EngineFixture engine)
{
    [Fact]
    public async Task The_engine_answers_a_ping_and_says_what_it_is()
    {
        await engine.Client.System.PingAsync();
        var version = await engine.Client.System.GetVersionAsync();
        var info = await engine.Client.System.GetSystemInfoAsync();

        Assert.Equal("linux", version.Os);
        Assert.Matches(@"^\d+\.\d+$", version.APIVersion);
        Assert.Contains(version.Components, component => component.Name == "Engine" && component.Version == version.Version);
        Assert.Equal(version.Version, info.ServerVersion);
        Assert.Equal("linux", info.OSType);
        Assert.True(info.NCPU > 0 && info.MemTotal > 0);
    }

    [Fact]
    public async Task A_version_that_is_asked_for_is_part_of_the_path()
    {
        using var old = new DockerClientConfiguration(new Uri(EngineFixture.Endpoint)).CreateClient(new Version(1, 40));
        using var tooNew = new DockerClientConfiguration(new Uri(EngineFixture.Endpoint)).CreateClient(new Version(9, 99));

        await old.System.GetVersionAsync();
        var refusal = await Assert.ThrowsAsync<DockerApiException>(() => tooNew.System.GetVersionAsync());
        Assert.Contains("9.99", refusal.ResponseBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_takes_longer_than_the_default_timeout_is_cancelled()
    {
        using var client = new DockerClientConfiguration(
            new Uri(EngineFixture.Endpoint),
            defaultTimeout: TimeSpan.FromTicks(1)
        ).CreateClient();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.System.GetSystemInfoAsync());
    }

    [Fact]
    public async Task A_cancelled_call_says_so()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            engine.Client.System.PingAsync(new CancellationToken(canceled: true))
        );
    }
}
