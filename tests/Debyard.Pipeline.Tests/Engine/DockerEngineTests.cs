using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Debyard.Pipeline.Engine;

namespace Debyard.Pipeline.Tests.Engine;

[Collection("Docker engine")]
[Trait("Needs", "Engine")]
public sealed class DockerEngineTests(EngineFixture fixture)
{
    readonly DockerEngine engine = fixture.Engine;

    [Fact]
    public async Task A_name_is_given_to_an_image_and_taken_away_without_the_image()
    {
        var other = fixture.Named("other");
        Assert.False(await engine.HasImageAsync(other, CancellationToken.None));

        await engine.TagAsync(fixture.Image.Reference, other, CancellationToken.None);
        Assert.True(await engine.HasImageAsync(other, CancellationToken.None));

        await engine.RemoveImageAsync(other.Reference);
        Assert.False(await engine.HasImageAsync(other, CancellationToken.None));
        Assert.True(await engine.HasImageAsync(fixture.Image, CancellationToken.None));
    }

    [Fact]
    public Task Removing_an_image_that_is_not_there_does_nothing() => engine.RemoveImageAsync(fixture.Named("missing").Reference);

    [Fact]
    public async Task The_first_container_of_a_run_removes_those_whose_process_has_died()
    {
        var orphan = await CreateOwnedAsync($"{Environment.MachineName}:{DeadProcess()}");
        var living = await CreateOwnedAsync($"{Environment.MachineName}:1");
        var elsewhere = await CreateOwnedAsync($"another-{Environment.MachineName}:{DeadProcess()}");

        using var run = await DockerEngine.ConnectAsync(CancellationToken.None);
        await using var container = await run.CreateAsync(fixture.Image, fixture.Image.Reference, CancellationToken.None);

        var left = (await fixture.ContainersAsync()).ToList();
        Assert.DoesNotContain(orphan, left);
        Assert.Contains(living, left);
        Assert.Contains(elsewhere, left);
    }

    [Fact]
    public async Task An_image_that_is_gone_is_explained()
    {
        var missing = fixture.Named("missing");
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => engine.StartAsync(missing, "none", CancellationToken.None));
        Assert.StartsWith("The engine lost an image", DockerEngine.Explain(failure), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_engine_answers_the_address_is_named()
    {
        using var folder = new TemporaryFolder();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        foreach (var address in new[] { $"unix://{folder["docker.sock"]}", $"tcp://127.0.0.1:{port}" })
        {
            await AtAsync(
                address,
                async () =>
                {
                    Assert.Null(await DockerEngine.TryConnectAsync(CancellationToken.None));
                    var failure = await Assert.ThrowsAsync<PipelineException>(() => DockerEngine.ConnectAsync(CancellationToken.None));
                    Assert.StartsWith(
                        $"No Docker engine answers at {address.TrimEnd('/')}",
                        failure.Message.Replace(port + "/", port.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                        StringComparison.Ordinal
                    );
                }
            );
        }
    }

    [Fact]
    public Task A_cancelled_connection_is_not_a_missing_engine() =>
        Assert.ThrowsAnyAsync<OperationCanceledException>(() => DockerEngine.TryConnectAsync(new CancellationToken(canceled: true)));

    async Task<string> CreateOwnedAsync(string owner)
    {
        var labels = fixture.Labels;
        labels[DockerEngine.OwnerLabel] = owner;
        return (
            await fixture.Client.Containers.CreateContainerAsync(
                new()
                {
                    Image = fixture.Image.Reference,
                    Cmd = ["true"],
                    Labels = labels,
                }
            )
        ).ID;
    }

    static int DeadProcess()
    {
        using var process = Process.Start("true");
        process.WaitForExit();
        return process.Id;
    }

    // The tests of this collection run one after another, and no other test asks for the address.
    static async Task AtAsync(string address, Func<Task> test)
    {
        var before = Environment.GetEnvironmentVariable("DOCKER_HOST");
        Environment.SetEnvironmentVariable("DOCKER_HOST", address);
        try
        {
            await test();
        }
        finally
        {
            Environment.SetEnvironmentVariable("DOCKER_HOST", before);
        }
    }
}
