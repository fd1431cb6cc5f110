using System.Text;
using Debyard.Pipeline.Builds;
using Debyard.Pipeline.Engine;

namespace Debyard.Pipeline.Tests.Engine;

[Collection("Docker engine")]
[Trait("Needs", "Engine")]
public sealed class PullTests : IDisposable
{
    readonly EngineFixture fixture;
    readonly DockerEngine engine;
    readonly TemporaryFolder folder = new();
    readonly string? configurationBefore = Environment.GetEnvironmentVariable("DOCKER_CONFIG");

    public PullTests(EngineFixture fixture)
    {
        (this.fixture, engine) = (fixture, fixture.Engine);
        // The tests of this collection run one after another, and no other test pulls.
        Environment.SetEnvironmentVariable("DOCKER_CONFIG", folder.Path);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("DOCKER_CONFIG", configurationBefore);
        folder.Dispose();
    }

    [Fact]
    public async Task The_configured_user_pulls_the_image_and_it_gets_our_name()
    {
        using var registry = new TestRegistry(Label);
        LogIn(registry.Host, TestRegistry.Password);
        var image = fixture.Named("pulled");
        var lines = new List<string>();

        await engine.PullAsync(registry.Image, image, lines.Add, CancellationToken.None);

        Assert.Contains("Pulling from debyard.test", lines);
        Assert.True(await engine.HasImageAsync(image, CancellationToken.None));
        Assert.Contains("/v2/debyard.test/manifests/latest", registry.Requests);
        await engine.RemoveImageAsync(image.Reference);
        await engine.RemoveImageAsync(registry.Image);
    }

    [Fact]
    public async Task A_supplied_image_is_pulled_once_and_then_known_by_its_id()
    {
        using var registry = new TestRegistry(Label);
        LogIn(registry.Host, TestRegistry.Password);

        var id = await SuppliedImage.IdOfAsync(registry.Image + ":1.29", CancellationToken.None);
        Assert.StartsWith("sha256:", id, StringComparison.Ordinal);
        var pulled = registry.Requests.Count;
        Assert.Contains("/v2/debyard.test/manifests/1.29", registry.Requests);

        Assert.Equal(id, await SuppliedImage.IdOfAsync(registry.Image + ":1.29", CancellationToken.None));
        Assert.Equal(pulled, registry.Requests.Count);
        await engine.RemoveImageAsync(registry.Image + ":1.29");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task A_user_whom_the_registry_refuses_is_told_to_log_in(string? password)
    {
        using var registry = new TestRegistry(Label);
        if (password is not null)
        {
            LogIn(registry.Host, password);
        }

        var failure = await RefusedAsync(registry.Image);

        Assert.StartsWith($"The image {registry.Image} cannot be pulled from {registry.Host}: ", failure, StringComparison.Ordinal);
        Assert.EndsWith($"if it asks for a login, run `docker login {registry.Host}`.", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("No credentials were sent", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("{", failure, StringComparison.Ordinal);
        Assert.Empty(registry.Requests);
    }

    [Fact]
    public async Task Credentials_that_cannot_be_read_are_named_where_the_registry_refuses()
    {
        using var registry = new TestRegistry(Label);
        var configuration = folder.Write("config.json", "{ broken");
        Assert.Contains(
            $" No credentials were sent: {configuration} cannot be read: ",
            await RefusedAsync(registry.Image),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_pull_that_fails_after_it_began_is_a_failure()
    {
        using var registry = new TestRegistry(Label, hasBlobs: false);
        LogIn(registry.Host, TestRegistry.Password);
        Assert.Contains("unknown blob", await RefusedAsync(registry.Image), StringComparison.OrdinalIgnoreCase);
        Assert.Null(await engine.FindImageIdAsync(registry.Image, CancellationToken.None));
    }

    [Fact]
    public async Task A_registry_that_is_not_there_is_named() =>
        Assert.StartsWith(
            "The image 127.0.0.1:1/lcc:none cannot be pulled from 127.0.0.1:1: ",
            await RefusedAsync("127.0.0.1:1/lcc:none"),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_supplied_image_that_is_nowhere_can_be_loaded_instead()
    {
        var failure = await Assert.ThrowsAsync<PipelineException>(() =>
            SuppliedImage.IdOfAsync("127.0.0.1:1/lcc:none", CancellationToken.None)
        );
        Assert.StartsWith(
            $"The toolchain image 127.0.0.1:1/lcc:none is not in the engine at {DockerEngine.Address}: "
                + "load it with `docker load`, or make it available in a registry. ",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(" cannot be pulled from 127.0.0.1:1: ", failure.Message, StringComparison.Ordinal);
    }

    (string, string) Label => (DockerEngine.ProductLabel, fixture.Product);

    void LogIn(string registry, string password)
    {
        var auth = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{TestRegistry.User}:{password}"));
        folder.Write("config.json", $$"""{ "auths": { "{{registry}}": { "auth": "{{auth}}" } } }""");
    }

    async Task<string> RefusedAsync(string image) =>
        (
            await Assert.ThrowsAsync<PipelineException>(() => engine.PullAsync(image, platform: null, _ => { }, CancellationToken.None))
        ).Message;
}
