using Debyard.Pipeline.BuildCache;
using Debyard.Pipeline.Builds;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Validation;
using Debyard.Pipeline.Validation.Checks;
using Debyard.Pipeline.Validation.Reports;

namespace Debyard.Pipeline.Steps;

/// <summary>
/// Installs and checks the packages, for each architecture that can run here, unless exactly these have already passed here or on a
/// trusted branch, together with what the branch has now.
/// </summary>
sealed class ValidateStep(
    RunOptions options,
    RunPlan plan,
    RunArtifacts artifacts,
    CachedImages cached,
    ImageBuilds builds,
    Verdicts verdicts,
    Quarantine quarantine,
    RunConnections connections
)
{
    readonly DateTimeOffset started = TimeProvider.System.GetUtcNow();

    string ReportFolder => Path.Combine(options.OutputFolder, "validation");

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (plan.Manifest.Validation is null)
        {
            options.Log("validation not run, the manifest has no 'validation'");
            return;
        }
        var candidates = await artifacts.CandidatesAsync(cancellation);
        var pending = new List<Candidate>();
        foreach (var candidate in candidates)
        {
            if (!await HasPassedAsync(candidate, cancellation))
            {
                pending.Add(candidate);
            }
        }
        foreach (var (architecture, reason) in NotRun())
        {
            options.Log($"{architecture}: validation not run, {reason}");
        }
        if (pending.Count > 0)
        {
            await ValidateAsync(pending.ConvertAll(candidate => candidate.Base), cancellation);
        }
    }

    async Task<bool> HasPassedAsync(Candidate candidate, CancellationToken cancellation)
    {
        var files = string.Join(", ", candidate.Packages.Select(file => file.FileName));
        var repository = await connections.RepositoryAsync();
        var (valid, changed) = await verdicts.FindAsync(repository, candidate, cancellation);
        if (valid is { } answer)
        {
            var where = answer.RecordedBy == repository.Branch ? "" : $" for {answer.RecordedBy}";
            options.Log($"{files} passed {answer.Verdict.Checks?.Count ?? 0} checks on {answer.Verdict.Passed:u}{where}, unchanged since");
            return true;
        }
        if (changed.Count > 0)
        {
            options.Log($"{files} passed before, but not with what the branch has now: {string.Join(", ", changed)}");
        }
        return false;
    }

    async Task ValidateAsync(List<Image> bases, CancellationToken cancellation)
    {
        foreach (var image in plan.Graph.Of(ImageKind.Package))
        {
            await cached.FetchAsync(image, cancellation);
        }
        await builds.BuildAsync(bases, cancellation);
        // The fetched packages have paths now.
        var candidates = (await artifacts.CandidatesAsync(cancellation)).Where(candidate => bases.Contains(candidate.Base)).ToList();
        var secrets = Secrets.For(plan.Manifest.Validation!.Scenarios, Environment.GetEnvironmentVariable);
        var results = await Task.WhenAll(candidates.Select(candidate => ValidateAsync(candidate, secrets, cancellation)));
        var report = Report([.. candidates.Zip(results)]).WithTexts(secrets.Mask);
        ReportFiles.Write(report, ReportFolder);
        foreach (var line in ReportTable.Lines(report))
        {
            options.Log(line);
        }
        foreach (var (candidate, result) in candidates.Zip(results).Where(pair => !pair.Second.HasFailed))
        {
            quarantine.Remove(candidate.Packages);
            await verdicts.KeepAsync(await connections.RepositoryAsync(), candidate, result, cancellation);
        }
        if (report.HasFailed)
        {
            var failed = candidates.Zip(results).Where(pair => pair.Second.HasFailed).SelectMany(pair => pair.First.Packages).ToList();
            quarantine.Add(failed, report);
            throw new PipelineException(ValidationFailure.Describe(report, ReportFolder, quarantine.Folder));
        }
    }

    async Task<ValidationResult> ValidateAsync(Candidate candidate, Secrets secrets, CancellationToken cancellation)
    {
        var evidence = new Evidence(Path.Combine(ReportFolder, candidate.Fingerprint.Value[..16]), secrets.Mask);
        return await new Validator(
            await connections.EngineAsync(),
            await connections.RepositoryAsync(),
            candidate,
            evidence,
            secrets,
            options.KeepContainers,
            options.Log
        ).ValidateAsync(cancellation);
    }

    ValidationReport Report(IReadOnlyList<(Candidate Candidate, ValidationResult Result)> validated)
    {
        // With one architecture its name would only be noise.
        var suites =
            from entry in validated
            from suite in entry.Result.Suites
            select validated.Count == 1 ? suite : suite with { Name = $"{entry.Candidate.Base.Architecture}: {suite.Name}" };
        var notRun = NotRun()
            .Select(skipped => new SuiteResult(
                skipped.Architecture,
                [new CaseResult("validation", CaseOutcome.NotRun, TimeSpan.Zero) { Message = skipped.Reason }]
            ));
        return new ValidationReport(plan.Manifest.Product, Path.GetFileName(plan.Manifest.File), started, [.. suites, .. notRun])
        {
            Properties = validated
                .SelectMany(entry => entry.Candidate.Packages)
                .DistinctBy(file => file.FileName)
                .ToDictionary(file => file.FileName, file => file.Digests.Sha256.ToString()),
        };
    }

    IEnumerable<(string Architecture, string Reason)> NotRun() =>
        from architecture in plan.Architectures
        where !plan.ValidatedArchitectures.Contains(architecture.Name)
        select (
            architecture.Name.ToString(),
            $"this engine runs {Engine.Platforms.EngineArchitecture}; to emulate it, use --emulate {architecture.Name}"
        );
}
