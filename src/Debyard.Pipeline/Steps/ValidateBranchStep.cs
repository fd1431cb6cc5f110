using System.Text.Json;
using Debyard.Pipeline.Builds;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Validation;
using Debyard.Pipeline.Validation.Checks;
using Debyard.Pipeline.Validation.Reports;
using Debyard.Protocol;

namespace Debyard.Pipeline.Steps;

/// <summary>
/// Installs together what a branch holds, of all products, and runs the checks that the packages carry. It gives no verdict: that belongs
/// to the packages of one run.
/// </summary>
sealed class ValidateBranchStep(RunOptions options, RunPlan plan, ImageBuilds builds, RunConnections connections)
{
    readonly DateTimeOffset started = TimeProvider.System.GetUtcNow();

    string ReportFolder => Path.Combine(options.OutputFolder, "validation", "branch");

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (plan.Manifest.Validation is not { } validation)
        {
            throw new PipelineException(
                "--all needs the manifest's 'validation', which names the base to install the branch's packages in."
            );
        }
        var repository = await connections.RepositoryAsync();
        var carried = await repository.ListPlansAsync(cancellation);
        if (carried.Count == 0)
        {
            throw new PipelineException(
                $"{repository.Branch} has no packages that carry checks: publish packages with a 'validation' first."
            );
        }
        var suites = new List<SuiteResult>();
        foreach (var architecture in plan.ValidatedArchitectures)
        {
            var candidate = Combine(validation, carried) with { Base = plan.Graph.Base(validation.Base, architecture) };
            await builds.BuildAsync([candidate.Base], cancellation);
            var secrets = Secrets.For(candidate.Plan.Scenarios, Environment.GetEnvironmentVariable);
            var evidence = new Evidence(Path.Combine(ReportFolder, architecture.ToString()), secrets.Mask);
            var result = await new Validator(
                await connections.EngineAsync(),
                repository,
                candidate,
                evidence,
                secrets,
                options.KeepContainers,
                options.Log
            ).ValidateAsync(cancellation);
            suites.AddRange(result.Suites);
        }
        var report = new ValidationReport(plan.Manifest.Product, Path.GetFileName(plan.Manifest.File), started, suites)
        {
            Properties = carried.ToDictionary(entry => entry.Name, entry => entry.Sha256),
        };
        ReportFiles.Write(report, ReportFolder);
        foreach (var line in ReportTable.Lines(report))
        {
            options.Log(line);
        }
        if (report.HasFailed)
        {
            throw new PipelineException(ValidationFailure.Describe(report, ReportFolder));
        }
    }

    /// <summary>All plans as one: everything is installed together, and every product's scenarios run in that system.</summary>
    Candidate Combine(ValidationPlan own, IReadOnlyList<CarriedPlanEntry> carried)
    {
        var products = carried.DistinctBy(entry => (entry.Plan.Product, entry.Plan.Plan)).ToList();
        var origins = new Dictionary<string, ScenarioOrigin>();
        var scenarios = new List<Scenario>();
        var install = new List<string>();
        var leftovers = new List<string>();
        foreach (var entry in products)
        {
            var product = Parse(entry);
            install.AddRange(product.Install);
            leftovers.AddRange(product.Life?.Leftovers ?? []);
            var files = entry.Plan.Files ?? new Dictionary<string, string>();
            foreach (var scenario in product.Scenarios)
            {
                var named = scenario with { Name = $"{entry.Plan.Product}-{scenario.Name}", Init = scenario.Init ?? product.Init };
                scenarios.Add(named);
                origins[named.Name] = new ScenarioOrigin(product.Install, file => Convert.FromBase64String(files[file]));
            }
        }
        return new Candidate(plan.Manifest, [], [], plan.Graph.Base(own.Base))
        {
            Plan = new ValidationPlan(
                own.Base,
                [],
                null,
                new LifePlan(false, [], new Dictionary<string, string>(), null, leftovers),
                scenarios
            ),
            Names = [.. install.Distinct()],
            Origins = origins,
        };
    }

    static ValidationPlan Parse(CarriedPlanEntry entry)
    {
        try
        {
            return JsonSerializer.Deserialize(entry.Plan.Plan!, PlanJson.Default.ValidationPlan)!;
        }
        catch (JsonException exception)
        {
            throw new PipelineException(
                $"The checks that {entry.Name} carries cannot be read, because another version of Debyard published it: publish it again. "
                    + exception.Message,
                exception
            );
        }
    }
}
