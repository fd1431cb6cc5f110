using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Repository;
using Debyard.Pipeline.Validation.Checks;
using Debyard.Pipeline.Validation.Installing;
using Debyard.Pipeline.Validation.Life;
using Debyard.Pipeline.Validation.Reports;
using Debyard.Protocol;

namespace Debyard.Pipeline.Validation;

/// <summary>What a validation found.</summary>
/// <param name="Installed">What the packages were installed with.</param>
/// <param name="Start">How the services were started.</param>
public sealed record ValidationResult(IReadOnlyList<SuiteResult> Suites, IReadOnlyList<VerdictFile> Installed, IReadOnlyList<string> Start)
{
    public bool HasFailed => Suites.Any(suite => suite.Count(CaseOutcome.Failed) > 0);
}

/// <summary>
/// Validates packages in clean containers: installs them with apt from the branch's repository, runs the scenarios, upgrades from the
/// default branch, removes and purges. The scenarios, the upgrade and the removal run at the same time, each in its own container.
/// </summary>
public sealed class Validator(
    DockerEngine engine,
    RepositoryClient repository,
    Candidate candidate,
    Evidence evidence,
    Secrets secrets,
    bool keepsFailed,
    Action<string> log
)
{
    readonly Containers containers = new(engine, candidate.Base, keepsFailed, log);
    readonly IReadOnlyList<string> packages = candidate.PackageNames;

    /// <exception cref="PipelineException">The validation itself cannot run: the engine or the repository fails.</exception>
    public async Task<ValidationResult> ValidateAsync(CancellationToken cancellation)
    {
        await using var images = new ValidationImages(engine, candidate.Base);
        evidence.Clear();
        var install = Results("package");
        var shipsUnits = await candidate.ShipsUnitsAsync(cancellation);
        var (root, canBoot) = await RootAsync(shipsUnits, cancellation);
        PreparedRoot? prepared = null;
        await install.RunAsync(
            "resolve",
            async () =>
            {
                prepared = await PreparedRoot.PrepareAsync(engine, repository, candidate, root, images, cancellation);
                return $"{prepared.Installed.Count} packages downloaded from {repository.SourcesUrl} and the base's archives";
            }
        );
        if (prepared is null)
        {
            return new ValidationResult([install.Suite], [], []);
        }
        var upgrade = UpgradeAsync(prepared, canBoot, cancellation);
        var suites = await InstallAndRunAsync(prepared, install, canBoot, shipsUnits, images, cancellation);
        return new ValidationResult(
            [.. suites, .. await upgrade is { } upgraded ? [upgraded] : Array.Empty<SuiteResult>()],
            prepared.Installed,
            [.. suites.Select(suite => suite.Properties.GetValueOrDefault("start")).OfType<string>().Distinct()]
        );
    }

    /// <summary>Opens a clean container with the packages installed, which the caller removes.</summary>
    /// <exception cref="PipelineException">The packages cannot be installed.</exception>
    public async Task<EngineContainer> OpenAsync(CancellationToken cancellation)
    {
        await using var images = new ValidationImages(engine, candidate.Base);
        var (root, canBoot) = await RootAsync(await candidate.ShipsUnitsAsync(cancellation), cancellation);
        EngineContainer? container = null;
        try
        {
            var prepared = await PreparedRoot.PrepareAsync(engine, repository, candidate, root, images, cancellation);
            container = await containers.StartAsync(prepared.Reference, canBoot, cancellation);
            await new Apt(container).InstallAsync(prepared.Packages, [], cancellation);
            return container;
        }
        catch (StepFailedException failure)
        {
            await (container?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw new PipelineException($"{failure.Message}\n{AptOutput.Indented(failure.Details)}", failure);
        }
        catch
        {
            await (container?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    async Task<IReadOnlyList<SuiteResult>> InstallAndRunAsync(
        PreparedRoot prepared,
        StepResults install,
        bool canBoot,
        bool shipsUnits,
        ValidationImages images,
        CancellationToken cancellation
    )
    {
        EngineContainer? container = null;
        try
        {
            container = await containers.StartAsync(prepared.Reference, canBoot, cancellation);
            var life = new PackageLife(
                container,
                packages,
                candidate.Plan.Life?.Leftovers ?? [],
                canBoot,
                startsBare: candidate.Plan.Scenarios.Any(scenario => scenario is { Files.Count: 0, Start.Count: 0 }),
                install
            );
            var where = $"in a clean {candidate.Base.Name}, from {repository.SourcesUrl}";
            if (!await life.InstallAsync(prepared.Packages, where, cancellation))
            {
                await evidence.KeepAsync(container, null, "package", cancellation);
                return [install.Suite, .. candidate.Plan.Scenarios.Select(NotRun)];
            }
            var installed = await images.CommitAsync(container, "installed", cancellation);
            var scenarios = RunScenariosAsync(installed, shipsUnits, canBoot, images, cancellation);
            await life.EndAsync(cancellation);
            if (install.HasFailed)
            {
                await evidence.KeepAsync(container, null, "package", cancellation);
            }
            return [install.Suite, .. await scenarios];
        }
        finally
        {
            if (container is not null)
            {
                await containers.EndAsync(container, install.HasFailed);
            }
        }
    }

    async Task<IReadOnlyList<SuiteResult>> RunScenariosAsync(
        string installed,
        bool shipsUnits,
        bool canBoot,
        ValidationImages images,
        CancellationToken cancellation
    )
    {
        var suites = new SuiteResult[candidate.Plan.Scenarios.Count];
        await Parallel.ForEachAsync(
            candidate.Plan.Scenarios.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation },
            async (entry, token) =>
            {
                var (index, scenario) = entry;
                var results = Results(scenario.Name);
                var wanted = InitOf(scenario, shipsUnits);
                var init = wanted == Init.Systemd && !canBoot ? Init.Exec : wanted;
                results.Set("start", StartOf(wanted, init));
                await new ScenarioRun(scenario, init, candidate.OriginOf(scenario), secrets, containers, evidence, results).RunAsync(
                    installed,
                    images,
                    token
                );
                suites[index] = results.Suite;
            }
        );
        return suites;
    }

    async Task<SuiteResult?> UpgradeAsync(PreparedRoot prepared, bool canBoot, CancellationToken cancellation)
    {
        if (candidate.Plan.Life is not { Upgrade: true } plan)
        {
            return null;
        }
        var results = Results("upgrade");
        if (prepared.Earlier is not { } earlier)
        {
            results.Skip("upgrade", $"{candidate.Manifest.Repository.DefaultBranch} has no other version of the packages");
            return results.Suite;
        }
        EngineContainer? container = null;
        try
        {
            container = await containers.StartAsync(prepared.Reference, canBoot, cancellation);
            var kept = new KeptData(plan.Data, plan.Configuration.ToDictionary(file => file.Key, file => candidate.Content(file.Value)));
            await new Upgrade(container, plan, packages, kept, canBoot, results).RunAsync(earlier, prepared.Packages, cancellation);
            if (results.HasFailed)
            {
                await evidence.KeepAsync(container, null, "upgrade", cancellation);
            }
            return results.Suite;
        }
        finally
        {
            if (container is not null)
            {
                await containers.EndAsync(container, results.HasFailed);
            }
        }
    }

    /// <summary>The image to start from, and whether systemd runs in it.</summary>
    async Task<(string Root, bool CanBoot)> RootAsync(bool shipsUnits, CancellationToken cancellation)
    {
        var wantsSystemd =
            candidate.Plan.Scenarios.Any(scenario => InitOf(scenario, shipsUnits) == Init.Systemd)
            || shipsUnits && candidate.Plan.Init is null or Init.Systemd;
        if (!wantsSystemd || candidate.Base.IsEmulated)
        {
            return (candidate.Base.Reference, false);
        }
        var root = await SystemdBase.EnsureAsync(engine, candidate.Base, log, cancellation);
        return await containers.CanBootAsync(root, cancellation) ? (root, true) : (candidate.Base.Reference, false);
    }

    Init InitOf(Scenario scenario, bool shipsUnits) => scenario.Init ?? candidate.Plan.Init ?? (shipsUnits ? Init.Systemd : Init.None);

    string StartOf(Init wanted, Init init) =>
        init switch
        {
            Init.Systemd => containers.SystemdMode,
            Init.Exec when wanted == Init.Systemd => candidate.Base.IsEmulated
                ? "ExecStart, because systemd does not run under emulation"
                : "ExecStart, because systemd does not run in containers of this engine",
            Init.Exec => "ExecStart",
            _ => "command",
        };

    StepResults Results(string suite)
    {
        var results = new StepResults(suite, log, secrets.Mask);
        results.Set("architecture", candidate.Base.Architecture.ToString());
        results.Set("base", $"{candidate.Base.Name} ({candidate.Base.Fingerprint.Brief})");
        return results;
    }

    SuiteResult NotRun(Scenario scenario)
    {
        var results = new StepResults(scenario.Name, _ => { }, secrets.Mask);
        foreach (var check in scenario.Checks)
        {
            results.Skip(check.Title, "the packages cannot be installed");
        }
        return results.Suite;
    }
}
