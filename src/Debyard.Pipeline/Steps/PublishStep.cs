using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Repository;
using Debyard.Pipeline.Validation;

namespace Debyard.Pipeline.Steps;

/// <summary>Uploads the packages that passed validation.</summary>
sealed class PublishStep(RunPlan plan, RunArtifacts artifacts, VerdictStore verdicts, UploadStep upload)
{
    /// <exception cref="PipelineException">A package that this machine can validate has no verdict.</exception>
    public async Task<UploadSummary> RunAsync(CancellationToken cancellation)
    {
        if (await artifacts.CandidateAsync(cancellation) is { } candidate && verdicts.Find(candidate) is null)
        {
            throw new PipelineException("The packages have not passed validation: run `./build.sh Validate` first.");
        }
        if (
            plan is { Manifest.Validation: not null, CanValidate: false }
            && (await artifacts.OfAsync(ImageKind.Package, cancellation)).FirstOrDefault(RunPlan.RunsHere) is { } untested
        )
        {
            throw new PipelineException(
                $"{untested.FileName} has not been validated: it runs on {Platforms.EngineArchitecture}, "
                    + $"and no dependencies were chosen for that architecture. Add {Platforms.EngineArchitecture} to --architectures."
            );
        }
        return await upload.RunAsync(ImageKind.Package, cancellation);
    }
}
