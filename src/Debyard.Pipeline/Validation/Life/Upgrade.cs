using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Validation.Installing;
using Debyard.Pipeline.Validation.Reports;
using Debyard.Pipeline.Validation.Services;

namespace Debyard.Pipeline.Validation.Life;

/// <summary>An upgrade from the version that the default branch has, and the way back.</summary>
public sealed class Upgrade(
    EngineContainer container,
    LifePlan plan,
    IReadOnlyList<string> packages,
    KeptData kept,
    bool withSystemd,
    StepResults results
)
{
    static readonly TimeSpan startTimeout = TimeSpan.FromSeconds(30),
        settleTime = TimeSpan.FromSeconds(1);

    readonly Apt apt = new(container);
    IReadOnlyList<string> running = [];

    /// <param name="files">Paths of the packages in the container.</param>
    public async Task RunAsync(EarlierPackages earlier, IReadOnlyList<string> files, CancellationToken cancellation)
    {
        IReadOnlyList<string> before = [];
        await results.RunAsync(
            $"install from {earlier.Branch}",
            async () =>
            {
                await AptSources.UseAsync(container, ofEarlier: true, cancellation);
                await apt.InstallAsync(earlier.Packages, [], cancellation);
                if (await kept.WriteAsync(container, cancellation) is { Count: > 0 } missing)
                {
                    throw new StepFailedException($"{earlier.Branch}'s version has no {string.Join(", ", missing)}: correct 'life: data'");
                }
                running = await FindRunningAsync(cancellation);
                before = await kept.ReadAsync(container, cancellation);
                await AptSources.UseAsync(container, ofEarlier: false, cancellation);
                return string.Join(", ", earlier.Packages);
            }
        );
        await results.RunAsync(
            "upgrade",
            async () =>
            {
                await apt.InstallAsync(files, packages, cancellation, isUpgrade: plan.Configuration.Count > 0);
                return await CheckUnitsAsync("upgrade", cancellation);
            }
        );
        await results.RunAsync(
            "data and configuration kept",
            async () =>
            {
                var losses = await kept.FindLossesAsync(container, before, cancellation);
                return losses.Count == 0
                    ? null
                    : throw new StepFailedException(
                        $"The upgrade loses data: {losses[0]}{(losses.Count > 1 ? $" and {losses.Count - 1} more" : "")}",
                        string.Join('\n', losses)
                    );
            }
        );
        if (plan.Downgrade is { } expected)
        {
            await results.RunAsync("downgrade", () => DowngradeAsync(expected, earlier, cancellation));
        }
    }

    async Task<string?> DowngradeAsync(Downgrade expected, EarlierPackages earlier, CancellationToken cancellation)
    {
        await AptSources.UseAsync(container, ofEarlier: true, cancellation);
        var result = await apt.DowngradeAsync(earlier.Packages, cancellation);
        return (expected, result.ExitCode) switch
        {
            (Downgrade.Works, 0) => await CheckUnitsAsync("downgrade", cancellation),
            (Downgrade.Works, _) => throw new StepFailedException(
                $"The downgrade to {string.Join(", ", earlier.Packages)} does not work, but 'downgrade: works' is declared: "
                    + AptOutput.FindFailure(result.Output, result.ExitCode, "downgraded", "apt-get install --allow-downgrades"),
                AptOutput.Readable(result.Output)
            ),
            (_, 0) => throw new StepFailedException(
                $"The downgrade to {string.Join(", ", earlier.Packages)} works, but 'downgrade: refused' is declared: "
                    + "the preinst must refuse it",
                AptOutput.Readable(result.Output)
            ),
            _ => $"refused: {AptOutput.FindFailure(result.Output, result.ExitCode, "downgraded", "apt-get")}",
        };
    }

    /// <summary>The enabled units that run, with the changed configuration.</summary>
    async Task<IReadOnlyList<string>> FindRunningAsync(CancellationToken cancellation)
    {
        if (!withSystemd)
        {
            return [];
        }
        var enabled = await SystemdServices.FindEnabledAsync(container, packages, cancellation);
        if (enabled.Count > 0)
        {
            await container.RunAsync(["systemctl", "restart", .. enabled], cancellation);
        }
        var up = new List<string>();
        foreach (var unit in enabled)
        {
            if (await new SystemdServices(container, [unit]).WaitUntilActiveAsync(startTimeout, cancellation) is null)
            {
                up.Add(unit);
            }
        }
        // systemd calls a simple service active before it has read its configuration.
        await Task.Delay(settleTime, cancellation);
        var stable = new List<string>();
        foreach (var unit in up)
        {
            if ((await UnitState.ReadAsync(container, unit, cancellation)).IsUp)
            {
                stable.Add(unit);
            }
        }
        return stable;
    }

    /// <summary>What ran before must run again.</summary>
    async Task<string?> CheckUnitsAsync(string after, CancellationToken cancellation)
    {
        var services = new SystemdServices(container, running);
        return await services.WaitUntilActiveAsync(startTimeout, cancellation) is { } defect
            ? throw new StepFailedException($"After the {after} {defect}", await services.ReadLogsAsync(cancellation))
            : null;
    }
}
