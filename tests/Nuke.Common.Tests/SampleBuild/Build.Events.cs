namespace Debyard.Tests.SampleBuild;

/// <summary>Events that the build receives during its run.</summary>
sealed partial class Build
{
    static readonly bool tells = Environment.GetEnvironmentVariable("SAMPLE_EVENTS") == "1";

    static void Tell(string what)
    {
        if (tells)
            Console.WriteLine($"event {what}");
    }

    protected override void OnBuildCreated() => Tell($"created {PackageName}");

    protected override void OnBuildInitialized() => Tell($"initialized {ExecutionPlan.Count}");

    protected override void OnBuildFinished() => Tell($"finished {IsSucceeding} {string.Join(',', SucceededTargets.Select(x => x.Name))}");

    protected override void OnTargetRunning(string target) => Tell($"running {target}");

    protected override void OnTargetSkipped(string target) => Tell($"skipped {target}");

    protected override void OnTargetSucceeded(string target) => Tell($"succeeded {target}");

    protected override void OnTargetFailed(string target) => Tell($"failed {target}");
}
