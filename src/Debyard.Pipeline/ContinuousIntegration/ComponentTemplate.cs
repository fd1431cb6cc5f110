using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.ContinuousIntegration;

/// <summary>
/// The jobs of the simple shape for other projects to include: as a CI/CD component, or by <c>include: remote</c> from a repository
/// server. It has no <c>workflow</c> and no <c>default</c>, which would apply to the project's other jobs.
/// https://docs.gitlab.com/ci/components/
/// </summary>
public static class ComponentTemplate
{
    /// <summary>The path in the repository that GitLab finds the component <c>debyard</c> by.</summary>
    public const string File = "templates/debyard.yml";

    static readonly string[] header =
    [
        "The CI/CD component `debyard`; repository servers hand out the same file as /gitlab.yml. "
            + "A test compares it with ComponentTemplate.",
        "Builds, validates and publishes the packages of a branch. DEBYARD_URL must be set to the repository server.",
    ];

    public static GitLabPipeline Pipeline
    {
        get
        {
            var settings = new CiSettings { AutoStop = Value("auto-stop") };
            var jobs = new PackageJobs(settings, [Value("targets")]);
            var stage = Value("stage");
            return new GitLabPipeline
            {
                Header = header,
                Inputs =
                [
                    new("stage", "The stage of the jobs", "build"),
                    new(
                        "image",
                        "The container image of the jobs: one with bash, git, curl and the .NET SDK",
                        "mcr.microsoft.com/dotnet/sdk:10.0"
                    ),
                    new("tags", "Tags of runners whose jobs reach a Docker engine", "docker", IsList: true),
                    new("targets", "What ./build.sh runs", "Setup Pipeline"),
                    new("auto-stop", "How long after the last deployment a branch's repository is retired", CiSettings.DefaultAutoStop),
                ],
                Jobs =
                [
                    WithInputs(jobs.Publish(PackageJobs.Prefix + "pipeline", stage, jobs.PublishRules) with { Script = [jobs.Command()] }),
                    WithInputs(PackageJobs.StopEnvironment(stage)),
                ],
            };
        }
    }

    static Job WithInputs(Job job) =>
        job with
        {
            Image = Value("image"),
            Tags = [Value("tags")],
            Variables = job.Variables.Count > 0 ? job.Variables : new Dictionary<string, string> { ["GIT_DEPTH"] = "0" },
        };

    static string Value(string input) => $"$[[ inputs.{input} ]]";
}
