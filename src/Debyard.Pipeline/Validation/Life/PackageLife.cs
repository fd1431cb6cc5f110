using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Validation.Installing;
using Debyard.Pipeline.Validation.Reports;
using Debyard.Pipeline.Validation.Services;

namespace Debyard.Pipeline.Validation.Life;

/// <summary>A package's life on a clean system: installed, started by its maintainer scripts, removed, purged.</summary>
/// <param name="packages">The names of the packages.</param>
/// <param name="leftovers">Patterns of what may stay after a purge.</param>
/// <param name="startsBare">Whether the services must run without the files of a scenario.</param>
public sealed class PackageLife(
    EngineContainer container,
    IReadOnlyList<string> packages,
    IReadOnlyList<string> leftovers,
    bool withSystemd,
    bool startsBare,
    StepResults results
)
{
    static readonly TimeSpan startTimeout = TimeSpan.FromSeconds(30);

    readonly Apt apt = new(container);
    SystemState? before;
    IReadOnlyList<string> shipped = [];

    /// <param name="files">Paths of the packages in the container.</param>
    public async Task<bool> InstallAsync(IReadOnlyList<string> files, string where, CancellationToken cancellation)
    {
        before = await SystemState.ReadAsync(container, cancellation);
        var isInstalled = await results.RunAsync(
            "install",
            async () =>
            {
                await apt.InstallAsync(files, packages, cancellation);
                return $"{string.Join(", ", files.Select(Path.GetFileName))} installed by apt-get {where}";
            }
        );
        if (isInstalled && withSystemd)
        {
            await results.RunAsync("units", () => CheckUnitsAsync(cancellation));
        }
        return !results.HasFailed;
    }

    /// <summary>Removes and purges the packages.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        await results.RunAsync(
            "remove",
            async () =>
            {
                await apt.RemoveAsync(packages, cancellation);
                // The services of dependencies run on until these are removed too.
                var running = new List<string>();
                foreach (var unit in shipped)
                {
                    // One that has failed does not run, although systemd remembers it.
                    if ((await UnitState.ReadAsync(container, unit, cancellation)).Active is "active" or "activating")
                    {
                        running.Add(unit);
                    }
                }
                return running.Count == 0
                    ? null
                    : throw new StepFailedException($"After the removal {string.Join(", ", running)} still runs: the prerm must stop it");
            }
        );
        await results.RunAsync(
            "purge",
            async () =>
            {
                await apt.PurgeAsync(packages, cancellation);
                return null;
            }
        );
        await results.RunAsync(
            "leftovers",
            async () =>
            {
                var left = Leftovers.Find(before!, await SystemState.ReadAsync(container, cancellation), leftovers);
                return left.Count == 0
                    ? null
                    : throw new StepFailedException(
                        $"The purge is not complete: {left[0]}{(left.Count > 1 ? $" and {left.Count - 1} more" : "")}. "
                            + "Remove it in the postrm, or declare it in 'life: leftovers'",
                        string.Join('\n', left)
                    );
            }
        );
    }

    /// <summary>Whether the units can be loaded, and those that the packages enabled run.</summary>
    async Task<string?> CheckUnitsAsync(CancellationToken cancellation)
    {
        shipped = await SystemdServices.FindShippedAsync(container, packages, cancellation);
        foreach (var unit in shipped)
        {
            // Whether a unit is bad shows only once it is loaded.
            if (await UnitState.ReadAsync(container, unit, cancellation) is var state && state.IsBroken)
            {
                throw new StepFailedException(state.FindDefect()!, await VerifyAsync(unit, cancellation));
            }
        }
        var enabled = await SystemdServices.FindEnabledAsync(container, packages, cancellation);
        var services = new SystemdServices(container, enabled);
        if (enabled.Count == 0)
        {
            return shipped.Count == 0 ? null : $"{string.Join(", ", shipped)} not enabled by the packages";
        }
        return await services.WaitUntilActiveAsync(startTimeout, cancellation) is not { } defect
                ? $"{string.Join(", ", enabled)} enabled and started by the packages"
            : startsBare ? throw new StepFailedException(defect, await services.ReadLogsAsync(cancellation))
            : $"{string.Join(", ", enabled)} enabled; without the files of a scenario: {defect}";
    }

    async Task<string> VerifyAsync(string unit, CancellationToken cancellation) =>
        AptOutput.Readable((await container.RunAsync(["systemd-analyze", "verify", unit], cancellation)).Output);
}
