using System.Text.Json;
using Debyard.Debian.Names;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Repository;
using Debyard.Pipeline.Validation;
using Debyard.Protocol;

namespace Debyard.Pipeline.Steps;

/// <summary>Uploads the packages that passed validation, and how they are validated.</summary>
sealed class PublishStep(
    RunPlan plan,
    RunArtifacts artifacts,
    Verdicts verdicts,
    UploadStep upload,
    RunConnections connections,
    Action<string> warn
)
{
    /// <exception cref="PipelineException">A package that this machine can validate has no verdict that holds.</exception>
    public async Task<UploadSummary> RunAsync(CancellationToken cancellation)
    {
        var repository = await connections.RepositoryAsync();
        var candidates = await artifacts.CandidatesAsync(cancellation);
        foreach (var candidate in candidates)
        {
            await RequireVerdictAsync(repository, candidate, cancellation);
        }
        if (plan.Manifest.Validation is not null)
        {
            await RefuseUntestedAsync(candidates, cancellation);
        }
        var summary = await upload.RunAsync(ImageKind.Package, cancellation);
        await RecordPlansAsync(repository, candidates, cancellation);
        return summary;
    }

    async Task RequireVerdictAsync(RepositoryClient repository, Candidate candidate, CancellationToken cancellation)
    {
        var (valid, changed) = await verdicts.FindAsync(repository, candidate, cancellation);
        if (valid is null)
        {
            throw new PipelineException(
                changed.Count == 0
                    ? "The packages have not passed validation: run `./build.sh Validate` first."
                    : $"The packages passed validation, but not with what {repository.Branch} has now: "
                        + $"{string.Join(", ", changed)}. Run `./build.sh Validate` again."
            );
        }
    }

    /// <summary>Every package has a verdict, except those that only another machine can run.</summary>
    async Task RefuseUntestedAsync(IReadOnlyList<Candidate> candidates, CancellationToken cancellation)
    {
        var validated = candidates.SelectMany(candidate => candidate.Packages).Select(file => file.FileName).ToHashSet();
        foreach (var file in (await artifacts.OfAsync(ImageKind.Package, cancellation)).Where(file => !validated.Contains(file.FileName)))
        {
            if (RunPlan.RunsOn(Platforms.EngineArchitecture, file))
            {
                throw new PipelineException(
                    $"{file.FileName} has not been validated: it runs on {Platforms.EngineArchitecture}, "
                        + $"and no dependencies were chosen for that architecture. Add {Platforms.EngineArchitecture} to --architectures."
                );
            }
            var architecture = DebFileName.Parse(file.FileName).Architecture;
            warn($"{file.FileName} is published without a verdict: this machine does not run {architecture} (--emulate {architecture}).");
        }
    }

    /// <summary>The checks travel with the packages, so that a branch can be validated as a whole.</summary>
    static async Task RecordPlansAsync(RepositoryClient repository, IReadOnlyList<Candidate> candidates, CancellationToken cancellation)
    {
        foreach (var candidate in candidates)
        {
            var plan = new CarriedPlan(
                candidate.Manifest.Product,
                JsonSerializer.Serialize(candidate.Plan, PlanJson.Default.ValidationPlan),
                candidate.Plan.SourceFiles.ToDictionary(file => file, file => Convert.ToBase64String(candidate.Content(file)))
            );
            foreach (
                var file in candidate.Packages.Where(file =>
                    candidate.Plan.Install.Contains(DebFileName.Parse(file.FileName).Name.ToString())
                )
            )
            {
                await repository.RecordPlanAsync(file.Digests.Sha256, plan, cancellation);
            }
        }
    }
}
