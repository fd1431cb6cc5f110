using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.ContinuousIntegration;

/// <summary>
/// The jobs around a branch's packages. Names have a prefix, because GitLab silently merges jobs of equal names from included files.
/// </summary>
/// <param name="settings">The manifest's.</param>
/// <param name="setup">The targets that every job runs first, which prepare the machine.</param>
sealed class PackageJobs(CiSettings settings, IReadOnlyList<string> setup)
{
    public const string Prefix = "debyard:";
    const string Environment = "debyard/$CI_COMMIT_REF_SLUG";
    const string Stop = Prefix + "stop";
    const string Logs = "output/logs/";

    const string IsTag = "$CI_COMMIT_TAG";
    const string IsSchedule = "$CI_PIPELINE_SOURCE == \"schedule\"";

    // The server may have heard of the deletion before: 404.
    const string StopScript = """
        # The token goes to curl through a pipe: everybody on the runner can read a command line.
        answer=$(printf 'header = "Authorization: Bearer %s"\n' "${DEBYARD_TOKEN:-$DEBYARD_ID_TOKEN}" |
          curl --config - --silent --show-error --write-out '\n%{http_code}' --request DELETE \
            --header "X-Debyard-Project: $CI_PROJECT_PATH" "${DEBYARD_URL%/}/api/branches/$CI_COMMIT_REF_SLUG")
        echo "$answer"
        case ${answer##*[!0-9]} in 2??|404) ;; *) exit 1 ;; esac
        """;

    /// <summary>The command line of a job: <c>./build.sh Setup Upload --architectures arm64</c>.</summary>
    public string Command(params IEnumerable<string> words) => string.Join(' ', setup.Concat(words).Prepend("./build.sh"));

    /// <summary>When a job that publishes packages runs: tags and, with a nightly job, schedules have others.</summary>
    public IReadOnlyList<Rule> PublishRules =>
        [new(IsTag, "never"), .. settings.IsNightly ? [new Rule(IsSchedule, "never")] : Array.Empty<Rule>(), new(null)];

    /// <summary>Builds what is not in the build cache, validates and publishes. The last job of every shape.</summary>
    public Job Publish(string name, string stage, IReadOnlyList<Rule> rules) =>
        new(name)
        {
            Stage = stage,
            Rules = rules,
            HasIdToken = true,
            Environment = new JobEnvironment(Environment)
            {
                Url = $"${DotenvReport.SourcesUrl}",
                OnStop = Stop,
                AutoStopIn = settings.AutoStop,
            },
            Script = [Command("Pipeline")],
            Cache = CacheFor("debyard"),
            Artifacts = new JobArtifacts([Logs], "1 week")
            {
                EvenAfterFailure = true,
                JUnit = "output/validation/*.xml",
                Dotenv = DotenvReport.File,
            },
        };

    /// <summary>
    /// Retires the branch's repository when GitLab stops the environment: the branch is deleted or merged, or nobody used it.
    /// </summary>
    public static Job StopEnvironment(string stage) =>
        new(Stop)
        {
            Comment =
                "Runs when the branch is deleted or merged, by hand, or some time after the last deployment. There is no checkout,\n"
                + "because the branch may be gone. The server keeps the default branch, whatever a job asks.",
            Stage = stage,
            Needs = [],
            Rules =
            [
                new(IsTag, "never"),
                new("$CI_COMMIT_REF_NAME == $CI_DEFAULT_BRANCH", "never"),
                new(null, "manual", AllowsFailure: true),
            ],
            Variables = new Dictionary<string, string> { ["GIT_STRATEGY"] = "none" },
            HasIdToken = true,
            Environment = new JobEnvironment(Environment) { IsStopped = true },
            IsInterruptible = false,
            Script = [StopScript],
        };

    public Job Nightly(string stage) =>
        new(Prefix + "nightly")
        {
            Comment = "Schedules of the default branch: builds everything twice and fails if the results differ.",
            Stage = stage,
            Rules = [new(IsSchedule)],
            HasIdToken = true,
            Script = [Command("Pipeline", "--verify-reproducible")],
            Artifacts = new JobArtifacts([Logs], "1 week") { EvenAfterFailure = true, JUnit = "output/validation/*.xml" },
        };

    public Job Release() =>
        new(Prefix + "release")
        {
            Comment = "By hand, for protected tags only. Protect the environment too, to decide who may start it.",
            Stage = "release",
            Rules = [new($"{IsTag} && $CI_COMMIT_REF_PROTECTED == \"true\"", "manual")],
            HasIdToken = true,
            Environment = new JobEnvironment("release"),
            ResourceGroup = "debyard-release",
            IsInterruptible = false,
            Script = [Command("Release")],
        };

    /// <summary>Uploads dependencies of one architecture. Later jobs find them in the server's build cache.</summary>
    public Job Build(string name, string architecture, IReadOnlyList<string> needs, params IEnumerable<string> options) =>
        new(name)
        {
            Stage = "build",
            Tags = settings.ArchitectureTags.GetValueOrDefault(architecture) ?? [],
            Needs = needs,
            HasIdToken = true,
            Script = [Command(["Upload", "--architectures", architecture, .. options])],
            Cache = CacheFor($"debyard-{architecture}"),
            Artifacts = new JobArtifacts([Logs], "1 week") { EvenAfterFailure = true },
        };

    // With one job the packages may stay on the runner; a fan-out has them on the server, where every runner finds them.
    JobCache CacheFor(string key) =>
        new(
            key,
            settings.Shape == CiShape.Simple
                ? ["output/artifacts/", "output/validation/", "output/durations.json"]
                : ["output/validation/", "output/durations.json"]
        );
}
