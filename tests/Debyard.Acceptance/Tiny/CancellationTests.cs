using Debyard.Acceptance.Machine;

namespace Debyard.Acceptance.Tiny;

/// <summary>A run that is stopped ends soon, removes what it had made, and leaves the way free for the next.</summary>
[Collection("A published product")]
public sealed class CancellationTests(PublishedProduct published)
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData("Ctrl-C")]
    [InlineData("SIGTERM")]
    public Task During_a_docker_build(string signal) =>
        StoppedAsync(
            signal,
            product => product.Edit("lib/Dockerfile", "RUN mkdir", "RUN echo begun $((40 + 2)) && sleep 100\nRUN mkdir"),
            (product, _) => Wait.UntilAsync(() => Log(product).Contains("begun 42", StringComparison.Ordinal), "the build to begin")
        );

    [Theory]
    [InlineData("Ctrl-C")]
    [InlineData("SIGTERM")]
    public Task While_packages_are_installed(string signal) =>
        StoppedAsync(
            signal,
            product =>
                product.Edit(
                    "main/Dockerfile",
                    "/package/DEBIAN/control \\",
                    "/package/DEBIAN/control \\\n && printf '#!/bin/sh\\nsleep 100; true\\n' > /package/DEBIAN/postinst "
                        + "&& chmod 755 /package/DEBIAN/postinst \\"
                ),
            async (product, run) => await UntilContainerRunsAsync(run, ".postinst")
        );

    [Theory]
    [InlineData("Ctrl-C")]
    [InlineData("SIGTERM")]
    public Task While_the_service_is_waited_for(string signal) =>
        StoppedAsync(
            signal,
            product => product.Edit("main/content", "$| = 1;", "sleep 100;"),
            (_, run) => run.SaysAsync("installed by apt-get in a clean bookworm")
        );

    [Fact]
    public async Task What_a_killed_run_leaves_behind_is_removed_by_the_next()
    {
        using var product = await published.Product.CopyAsync();
        product.Edit("main/content", "$| = 1;", "sleep 100;");
        await using var run = product.Start();
        await run.SaysAsync("installed by apt-get in a clean bookworm");

        await run.KillAsync();
        var killed = await run.EndAsync();

        Assert.Contains(await Engine.ContainersAsync(), container => container.Contains($":{killed.ProcessId} ", StringComparison.Ordinal));
        product.Edit("main/content", "sleep 100;", "$| = 1; # again");
        (await product.RunAsync()).Succeeds("Build succeeded");
        await Wait.UntilAsync(() => !product.Processes().Any(), "gpg's agent to see that it is alone");
        Assert.DoesNotContain(
            await Engine.ContainersAsync(),
            container => container.Contains($":{killed.ProcessId} ", StringComparison.Ordinal)
        );
        Assert.Empty(product.HalfDone());
    }

    async Task StoppedAsync(string signal, Action<TinyProduct> delay, Func<TinyProduct, BuildProcess, Task> untilDelayed)
    {
        using var product = await published.Product.CopyAsync();
        delay(product);
        var before = product.Published;

        await using var run = product.Start();
        await untilDelayed(product, run);
        var asked = TimeProvider.System.GetTimestamp();
        await (signal == "SIGTERM" ? run.TerminateAsync() : run.InterruptAsync());
        var outcome = await run.EndAsync();

        Assert.InRange(TimeProvider.System.GetElapsedTime(asked), TimeSpan.Zero, Soon);
        outcome.Refuses("Stopped on request.");
        Assert.Equal(before, product.Published);
        await product.LeavesNothingAsync(outcome);

        using var again = await published.Product.CopyAsync();
        await Tool.RunAsync("cp", "--archive", $"{product["output"]}/.", again["output"]);
        (await again.RunAsync()).Succeeds("Build succeeded");
    }

    static string Log(TinyProduct product) =>
        product[$"output/logs/{product.Library}-amd64.log"] is var log && File.Exists(log) ? File.ReadAllText(log) : "";

    static async Task UntilContainerRunsAsync(BuildProcess run, string command) =>
        await Wait.UntilAsync(
            () => !run.HasExited && Directory.EnumerateDirectories("/proc").Any(process => Runs(process, command)),
            command
        );

    static bool Runs(string process, string command)
    {
        try
        {
            return File.ReadAllText($"{process}/cmdline").Contains(command, StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
