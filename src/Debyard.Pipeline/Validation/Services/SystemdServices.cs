using System.Globalization;
using Debyard.Pipeline.Engine;

namespace Debyard.Pipeline.Validation.Services;

/// <summary>Units that systemd runs as process 1 of the container.</summary>
public sealed class SystemdServices(EngineContainer container, IReadOnlyList<string> units) : RunningServices
{
    // The socket is there as soon as systemd answers; --wait returns when it has finished booting, degraded or not.
    const string WaitForBoot =
        "until [ -S /run/systemd/private ]; do sleep 0.05; done; systemctl is-system-running --wait >/dev/null 2>&1; true";

    static readonly TimeSpan bootTimeout = TimeSpan.FromSeconds(60);
    static readonly TimeSpan pause = TimeSpan.FromMilliseconds(100);

    readonly Dictionary<string, UnitState> active = [];

    public override string Start => "systemd";

    public override IReadOnlyList<string> Names => units;

    /// <summary>Waits until systemd has booted; false if it cannot run in this container.</summary>
    public static async Task<bool> TryBootAsync(EngineContainer container, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(bootTimeout);
        try
        {
            return (await container.RunAsync(["sh", "-c", WaitForBoot], patience.Token)).ExitCode == 0
                && await container.IsRunningAsync(cancellation);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception) when (DockerEngine.Explain(exception) is not null && !cancellation.IsCancellationRequested)
        {
            // The engine refuses to run commands in a container whose first process has exited.
            return !await container.IsRunningAsync(cancellation) ? false : throw new PipelineException(DockerEngine.Explain(exception)!);
        }
    }

    /// <summary>The units of a kind that packages ship and that systemd starts at boot.</summary>
    public static async Task<IReadOnlyList<string>> FindEnabledAsync(
        EngineContainer container,
        IEnumerable<string> packages,
        CancellationToken cancellation
    ) => await FilterAsync(container, await FindShippedAsync(container, packages, cancellation), "enabled", cancellation);

    /// <summary>The services that packages ship; templates are left out.</summary>
    public static async Task<IReadOnlyList<string>> FindShippedAsync(
        EngineContainer container,
        IEnumerable<string> packages,
        CancellationToken cancellation
    )
    {
        const string List = "dpkg-query -L \"$@\" | sed -n 's#^\\(/usr\\)\\?/lib/systemd/system/\\([^/@]*\\.service\\)$#\\2#p' | sort -u";
        return Lines((await container.RunAsync(["sh", "-c", List, "sh", .. packages], cancellation)).Output);
    }

    static async Task<IReadOnlyList<string>> FilterAsync(
        EngineContainer container,
        IReadOnlyList<string> names,
        string state,
        CancellationToken cancellation
    )
    {
        const string Filter =
            "state=$1; shift; for unit; do [ \"$(systemctl is-enabled \"$unit\" 2>/dev/null)\" = $state ] && echo \"$unit\"; done; true";
        return names.Count == 0 ? [] : Lines((await container.RunAsync(["sh", "-c", Filter, "sh", state, .. names], cancellation)).Output);
    }

    /// <summary>Starts the units that do not run, and waits until all are active.</summary>
    /// <returns>Why a unit does not become active; null if all are.</returns>
    public async Task<string?> StartAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        // Without waiting for the job, so that a unit that hangs is found by its state.
        await container.RunAsync(["systemctl", "start", "--no-block", .. units], cancellation);
        return await WaitUntilActiveAsync(timeout, cancellation);
    }

    /// <returns>Why a unit does not become active; null if all are.</returns>
    public async Task<string?> WaitUntilActiveAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        var end = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        foreach (var name in units)
        {
            while (true)
            {
                var state = await UnitState.ReadAsync(container, name, cancellation);
                if (state.FindDefect() is { } defect)
                {
                    return defect;
                }
                if (state.IsUp)
                {
                    active[name] = state;
                    break;
                }
                if (Environment.TickCount64 > end)
                {
                    return $"{name} did not become active within {timeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s: "
                        + $"it is {state.Active} ({state.Sub})";
                }
                await Task.Delay(pause, cancellation);
            }
        }
        return null;
    }

    public override async Task<string> ReadLogAsync(string service, CancellationToken cancellation) =>
        (
            await container.RunAsync(["journalctl", "--quiet", "--no-pager", "--boot", "--output=cat", $"--unit={service}"], cancellation)
        ).Output;

    public override async Task<long?> FindExitCodeAsync(string service, CancellationToken cancellation) =>
        (await UnitState.ReadAsync(container, service, cancellation)).FindExitCode();

    public override async Task<string?> FindDeathAsync(CancellationToken cancellation)
    {
        foreach (var name in units)
        {
            var state = await UnitState.ReadAsync(container, name, cancellation);
            if (state.FindDefect() is { } defect)
            {
                return defect;
            }
            if (!state.IsUp)
            {
                return $"{name} is {state.Active} ({state.Sub}), no longer active";
            }
            if (active.TryGetValue(name, out var before) && state.Restarts > before.Restarts)
            {
                return $"{name} died and was restarted by systemd {state.Restarts - before.Restarts} times";
            }
        }
        return null;
    }

    public override async Task<string?> StopAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        var seconds = (int)timeout.TotalSeconds;
        var stop = await container.RunAsync(["timeout", $"{seconds}", "systemctl", "stop", .. units.Reverse()], cancellation);
        // timeout(1)
        return stop.ExitCode == 124 ? $"{string.Join(", ", units)} did not stop within {seconds} s of `systemctl stop`" : null;
    }

    static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
