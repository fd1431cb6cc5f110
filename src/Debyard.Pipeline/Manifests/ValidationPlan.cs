using System.Text.Json.Serialization;

namespace Debyard.Pipeline.Manifests;

/// <summary>How to validate the packages: install them in a clean container, run each scenario, then their <see cref="Life"/>.</summary>
/// <param name="Base">The base image of the container.</param>
/// <param name="Install">What is validated: names of the manifest's packages.</param>
/// <param name="Init">How services start; null: systemd if the packages ship units, else none.</param>
/// <param name="Life">Null: the packages are only installed, removed and purged.</param>
public sealed record ValidationPlan(
    string Base,
    IReadOnlyList<string> Install,
    Init? Init,
    LifePlan? Life,
    IReadOnlyList<Scenario> Scenarios
)
{
    /// <summary>The files beside the manifest that the validation reads, each once, relative to the manifest.</summary>
    [JsonIgnore]
    public IEnumerable<string> SourceFiles =>
        (Life?.Configuration.Values ?? [])
            .Concat(Scenarios.SelectMany(scenario => scenario.Files.Values))
            .Concat(Scenarios.SelectMany(scenario => scenario.Checks).SelectMany(check => check.SourceFiles))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
}

/// <summary>What starts the services of a container.</summary>
public enum Init
{
    /// <summary>systemd runs as process 1, and the packages' maintainer scripts enable and start the units.</summary>
    Systemd,

    /// <summary>Debyard runs the units' <c>ExecStart</c> with their user, environment and folders.</summary>
    Exec,

    /// <summary>Debyard runs the scenario's <c>start</c> commands.</summary>
    None,
}

/// <summary>What happens to an installed package in the course of its life.</summary>
/// <param name="Upgrade">Whether to upgrade from the version that the default branch has.</param>
/// <param name="Data">Absolute paths of files and folders that an upgrade must keep.</param>
/// <param name="Configuration">
/// Configuration files that are changed before the upgrade, which must keep the change: absolute path to a path relative to the manifest.
/// </param>
/// <param name="Downgrade">Null: not tried.</param>
/// <param name="Leftovers">Glob patterns of absolute paths that may stay after a purge.</param>
public sealed record LifePlan(
    bool Upgrade,
    IReadOnlyList<string> Data,
    IReadOnlyDictionary<string, string> Configuration,
    Downgrade? Downgrade,
    IReadOnlyList<string> Leftovers
);

/// <summary>What a downgrade to the version of the default branch must do.</summary>
public enum Downgrade
{
    Works,

    /// <summary>The packages must fail to install, and say so.</summary>
    Refused,
}
