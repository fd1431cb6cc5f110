using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.ContinuousIntegration;

/// <summary>The pipeline of <c>.gitlab-ci.yml</c>. It depends on the manifest and the targets only, not on what must be built.</summary>
public static class ParentPipeline
{
    /// <summary>The target whose jobs have the manifest's shape.</summary>
    public const string PackagesTarget = "Pipeline";

    const string Packages = "packages";

    static readonly string[] header =
    [
        "Generated from debyard.yml (ci) and the targets of the build: change those, not this file. docs/gitlab-pipelines.md explains it.",
        "Set these variables in the project's CI/CD settings:",
        "  DEBYARD_URL    the repository server, which must have the same URL as Access:GitLab:Audience",
        "  DEBYARD_TOKEN  a token of the server, masked; only if the server does not accept the jobs' id_tokens",
    ];

    /// <param name="manifest">One with a <c>ci</c> section.</param>
    /// <param name="setup">The targets that every job runs first.</param>
    /// <param name="targets">The targets that have jobs, each after those it needs.</param>
    public static GitLabPipeline For(Manifest manifest, IReadOnlyList<string> setup, IReadOnlyList<TargetJob> targets)
    {
        var settings = manifest.Ci ?? throw new PipelineException($"{Path.GetFileName(manifest.File)} has no section 'ci'.");
        var jobs = new PackageJobs(settings, setup);
        return new GitLabPipeline
        {
            Header = [.. header, .. settings.Secrets.Select(secret => $"  {secret}  masked")],
            Rules = Rules(settings),
            Variables = Variables(manifest, settings),
            Image = settings.Image,
            Services = settings.Services,
            Tags = settings.Tags,
            Jobs =
            [
                .. targets.SelectMany(target => target.Target == PackagesTarget ? PackagesJobs(settings, jobs) : [JobOf(target, jobs)]),
                .. settings.HasRelease ? [jobs.Release()] : Array.Empty<Job>(),
            ],
        };
    }

    // One pipeline a push: that of the merge request if there is one, else that of the branch.
    static List<Rule> Rules(CiSettings settings) =>
        [
            .. settings.IsNightly
                ? [new Rule("$CI_PIPELINE_SOURCE == \"schedule\" && $CI_COMMIT_BRANCH != $CI_DEFAULT_BRANCH", "never")]
                : Array.Empty<Rule>(),
            new("$CI_PIPELINE_SOURCE == \"merge_request_event\""),
            new("$CI_PIPELINE_SOURCE == \"push\" && $CI_COMMIT_BRANCH && $CI_OPEN_MERGE_REQUESTS", "never"),
            new("$CI_COMMIT_BRANCH"),
            new("$CI_COMMIT_TAG"),
        ];

    internal static Dictionary<string, string> Variables(Manifest manifest, CiSettings settings)
    {
        // A package's version comes from the last commit that changed its sources.
        var variables = new Dictionary<string, string> { ["GIT_DEPTH"] = "0" };
        if (manifest.Repository.Url is { } url)
        {
            variables["DEBYARD_URL"] = url.ToString();
        }
        foreach (var (name, value) in settings.Variables)
        {
            variables[name] = value;
        }
        return variables;
    }

    static IEnumerable<Job> PackagesJobs(CiSettings settings, PackageJobs jobs)
    {
        if (settings.Shape == CiShape.Simple)
        {
            yield return jobs.Publish(PackageJobs.Prefix + "pipeline", Packages, jobs.PublishRules);
            yield return PackageJobs.StopEnvironment(Packages);
        }
        else
        {
            var plan = new Job(PackageJobs.Prefix + "plan")
            {
                Comment = "Asks the server which builds it has, and writes a pipeline with jobs for the others.",
                Stage = "plan",
                Rules = jobs.PublishRules,
                HasIdToken = true,
                Script = [jobs.Command("GenerateCi", "--child")],
                Artifacts = new JobArtifacts([ChildPipeline.File], "1 day"),
            };
            yield return plan;
            yield return new Job(PackageJobs.Prefix + Packages)
            {
                Stage = Packages,
                Needs = [plan.Name],
                Rules = jobs.PublishRules,
                TriggersPipelineOf = plan.Name,
            };
        }
        if (settings.IsNightly)
        {
            yield return jobs.Nightly(Packages);
        }
    }

    static Job JobOf(TargetJob target, PackageJobs jobs) =>
        new(NameOf(target.Target))
        {
            Stage = target.Target.ToLowerInvariant(),
            Needs = target.Needs.Count > 0 ? [.. target.Needs.Select(NameOf)] : null,
            Parallel = target.Partitions,
            Script =
            [
                jobs.Command([
                    .. target.Targets,
                    .. target.Partitions is null ? Array.Empty<string>() : ["--partition", "$CI_NODE_INDEX/$CI_NODE_TOTAL"],
                    // Without names, it skips all targets that are not named here: other jobs run them.
                    .. target.Needs.Count > 0 ? ["--skip"] : Array.Empty<string>(),
                ]),
            ],
            Artifacts = target.Artifacts.Count > 0 ? new JobArtifacts(target.Artifacts, "1 week") { EvenAfterFailure = true } : null,
        };

    static string NameOf(string target) => PackageJobs.Prefix + target.ToLowerInvariant();
}
