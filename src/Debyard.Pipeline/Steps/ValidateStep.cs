using Debyard.Pipeline.BuildCache;
using Debyard.Pipeline.Builds;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Validation;

namespace Debyard.Pipeline.Steps;

/// <summary>Installs and checks the packages, unless exactly these have already passed here or on a trusted branch.</summary>
sealed class ValidateStep(
    RunPlan plan,
    RunArtifacts artifacts,
    CachedImages cached,
    ImageBuilds builds,
    VerdictStore verdicts,
    RunConnections connections,
    Action<string> log
)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var other in plan.Architectures.Where(architecture => architecture.Name != Platforms.EngineArchitecture))
        {
            log($"{other.Name}: validation not run, this engine runs {Platforms.EngineArchitecture}");
        }
        if (await artifacts.CandidateAsync(cancellation) is not { } candidate)
        {
            log(
                plan.Manifest.Validation is null
                    ? "validation not run, the manifest has no 'validation'"
                    : "validation not run, this engine can run none of the chosen packages"
            );
            return;
        }
        var files = string.Join(", ", candidate.Packages.Select(file => file.FileName));
        if (verdicts.Find(candidate) is { } verdict)
        {
            log($"{files} passed {verdict.Checks} checks on {verdict.Passed:u}, unchanged since");
        }
        else if (await cached.FindTrustedBranchAsync(candidate.Fingerprint, candidate.Packages, cancellation) is { } branch)
        {
            log($"{files} passed for {branch}, unchanged since");
            verdicts.Keep(candidate, candidate.Plan.Scenarios.Sum(scenario => scenario.Checks.Count));
        }
        else
        {
            await ValidateAsync(cancellation);
        }
    }

    async Task ValidateAsync(CancellationToken cancellation)
    {
        foreach (var image in plan.Graph.Of(ImageKind.Package))
        {
            await cached.FetchAsync(image, cancellation);
        }
        // The fetched packages have paths now.
        var candidate = (await artifacts.CandidateAsync(cancellation))!;
        await builds.BuildAsync([candidate.Base], cancellation);
        var validator = new Validator(await connections.EngineAsync(), await connections.RepositoryAsync(), verdicts.Folder, log);
        verdicts.Keep(candidate, await validator.ValidateAsync(candidate, cancellation));
    }
}
