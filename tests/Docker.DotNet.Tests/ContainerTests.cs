using System.Net;
using Docker.DotNet.Models;

namespace Docker.DotNet.Tests;

[Collection(nameof(Engine))]
public sealed class ContainerTests(EngineFixture engine)
{
    const string Forever = "trap 'exit 7' TERM; while :; do read -t 1 <> <(:); done";

    readonly IContainerOperations containers = engine.Client.Containers;

    [Fact]
    public async Task A_container_runs_to_its_exit_code()
    {
        var id = await engine.CreateAsync("exit 3");
        Assert.Equal("created", (await containers.InspectContainerAsync(id)).State.Status);

        Assert.True(await containers.StartContainerAsync(id, null));
        Assert.Equal(3, (await containers.WaitContainerAsync(id)).StatusCode);

        var state = (await containers.InspectContainerAsync(id)).State;
        Assert.Equal(("exited", false, 3L), (state.Status, state.Running, state.ExitCode));
        Assert.True(DateTime.Parse(state.FinishedAt, System.Globalization.CultureInfo.InvariantCulture) > DateTime.MinValue);
    }

    [Fact]
    public async Task What_is_asked_for_is_what_the_container_has()
    {
        var id = await engine.CreateAsync(
            "true",
            p =>
            {
                p.Name = $"debyard-test-{engine.Run}";
                p.Env = ["A=ä \"quoted\""];
                p.User = "1000:1000";
                p.WorkingDir = "/bin";
                p.Hostname = "box";
                p.ExposedPorts = new Dictionary<string, EmptyStruct> { ["80/tcp"] = default };
                p.StopTimeout = TimeSpan.FromSeconds(3);
                p.Healthcheck = new HealthConfig { Test = ["CMD", "/bin/bash", "-c", "true"], Interval = TimeSpan.FromMilliseconds(1500) };
                p.HostConfig.Memory = 64 << 20;
                p.HostConfig.MemorySwap = -1;
                p.HostConfig.NanoCPUs = 500_000_000;
                p.HostConfig.Tmpfs = new Dictionary<string, string> { ["/tmp"] = "size=1m" };
                p.HostConfig.Binds = ["/etc:/host-etc:ro"];
                p.HostConfig.PortBindings = new Dictionary<string, IList<PortBinding>>
                {
                    ["80/tcp"] = [new() { HostIP = "127.0.0.1", HostPort = "0" }],
                };
                p.HostConfig.CapDrop = ["ALL"];
            }
        );
        var made = await containers.InspectContainerAsync(id);

        Assert.Equal($"/debyard-test-{engine.Run}", made.Name);
        Assert.Equal((await engine.Client.Images.InspectImageAsync(engine.Image)).ID, made.Image);
        Assert.Contains("A=ä \"quoted\"", made.Config.Env);
        Assert.Contains("GREETING=hello", made.Config.Env);
        Assert.Equal(("1000:1000", "/bin", "box"), (made.Config.User, made.Config.WorkingDir, made.Config.Hostname));
        Assert.Equal(["80/tcp"], made.Config.ExposedPorts.Keys);
        Assert.Equal(TimeSpan.FromSeconds(3), made.Config.StopTimeout);
        Assert.Equal(TimeSpan.FromMilliseconds(1500), made.Config.Healthcheck.Interval);
        Assert.Equal(engine.Labels, made.Config.Labels);
        Assert.Equal((64 << 20, -1, 500_000_000L), (made.HostConfig.Memory, made.HostConfig.MemorySwap, made.HostConfig.NanoCPUs));
        Assert.Equal("size=1m", made.HostConfig.Tmpfs["/tmp"]);
        Assert.Equal("127.0.0.1", Assert.Single(made.HostConfig.PortBindings["80/tcp"]).HostIP);
        Assert.Equal(["ALL"], made.HostConfig.CapDrop);
        var mount = Assert.Single(made.Mounts, mount => mount.Type == "bind");
        Assert.Equal(("/etc", "/host-etc", false), (mount.Source, mount.Destination, mount.RW));
    }

    [Fact]
    public async Task Containers_are_listed_by_label_and_all_only_when_asked()
    {
        var id = await engine.CreateAsync("true");
        Assert.DoesNotContain(await containers.ListContainersAsync(new() { Filters = engine.LabelFilter }), c => c.ID == id);

        var listed = Assert.Single(
            await containers.ListContainersAsync(new() { All = true, Filters = engine.LabelFilter }),
            c => c.ID == id
        );
        Assert.Equal(("created", engine.Image), (listed.State, listed.Image));
        Assert.Equal("none", Assert.Single(listed.NetworkSettings.Networks).Key);
    }

    [Fact]
    public async Task Starting_twice_and_stopping_twice_is_answered_with_false()
    {
        var id = await engine.StartAsync(Forever);
        Assert.False(await containers.StartContainerAsync(id, new()));
        Assert.True(await containers.StopContainerAsync(id, new() { WaitBeforeKillSeconds = 20 }));
        Assert.False(await containers.StopContainerAsync(id, new()));
        Assert.Equal(7, (await containers.WaitContainerAsync(id)).StatusCode);
    }

    [Fact]
    public async Task A_killed_container_ends_with_the_signals_code_and_cannot_be_killed_again()
    {
        var id = await engine.StartAsync(Forever);
        await containers.KillContainerAsync(id, new() { Signal = "SIGKILL" });
        Assert.Equal(137, (await containers.WaitContainerAsync(id)).StatusCode);

        var again = await Assert.ThrowsAsync<DockerApiException>(() => containers.KillContainerAsync(id, new()));
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
    }

    [Fact]
    public async Task Waiting_ends_when_it_is_cancelled_and_the_container_runs_on()
    {
        var id = await engine.StartAsync(Forever);
        using var cancel = new CancellationTokenSource();
        var wait = containers.WaitContainerAsync(id, cancel.Token);
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        Assert.True((await containers.InspectContainerAsync(id)).State.Running);
        await containers.RemoveContainerAsync(id, new() { Force = true });
    }

    [Fact]
    public async Task A_removed_container_is_missing_for_every_call()
    {
        var id = await engine.CreateAsync("true");
        await containers.RemoveContainerAsync(id, new());

        Func<Task>[] calls =
        [
            () => containers.InspectContainerAsync(id),
            () => containers.StartContainerAsync(id, new()),
            () => containers.StopContainerAsync(id, new()),
            () => containers.KillContainerAsync(id, new()),
            () => containers.WaitContainerAsync(id),
            () => containers.RemoveContainerAsync(id, new()),
            () => containers.GetContainerLogsAsync(id, tty: false, new() { ShowStdout = true }),
            () => containers.GetArchiveFromContainerAsync(id, new() { Path = "/" }, statOnly: false),
            () => containers.ExtractArchiveToContainerAsync(id, new() { Path = "/" }, new MemoryStream()),
            () => engine.Client.Exec.ExecCreateContainerAsync(id, new() { Cmd = ["true"] }),
        ];
        foreach (var call in calls)
            Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<DockerContainerNotFoundException>(call)).StatusCode);
    }

    [Fact]
    public async Task A_running_container_is_removed_only_by_force()
    {
        var id = await engine.StartAsync(Forever);
        var refusal = await Assert.ThrowsAsync<DockerApiException>(() => containers.RemoveContainerAsync(id, new()));
        Assert.Equal(HttpStatusCode.Conflict, refusal.StatusCode);
        await containers.RemoveContainerAsync(id, new() { Force = true });
    }

    [Fact]
    public async Task An_empty_id_is_refused_before_anything_is_sent() =>
        await Assert.ThrowsAsync<ArgumentNullException>(() => containers.InspectContainerAsync(""));
}
