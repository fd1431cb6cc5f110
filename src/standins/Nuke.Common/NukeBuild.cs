using System.Linq.Expressions;
using Nuke.Common.CI;
using Nuke.Common.Execution;
using Nuke.Common.Tooling;

namespace Nuke.Common;

/// <summary>Base of a build: its targets are properties, its <c>Main</c> calls <see cref="Execute{T}"/> for the exit code.</summary>
[GenerateBuildServerConfigurations(Priority = 50)]
[InvokeBuildServerConfigurationGeneration(Priority = 45)]
public abstract partial class NukeBuild : INukeBuild
{
    const string TargetsSeparator = "+";

    /// <returns>0; -1 (255 to a shell) when a target failed, was aborted or not run; <see cref="ExitCode"/> where it is set.</returns>
    protected static int Execute<T>(params Expression<Func<T, Target>>[] defaultTargetExpressions)
        where T : NukeBuild, new() => BuildRun.Execute(defaultTargetExpressions);

    internal IReadOnlyCollection<ExecutableTarget> ExecutableTargets { get; set; }

    public IReadOnlyCollection<ExecutableTarget> ExecutionPlan { get; set; }

    [Parameter("List of targets to be invoked. Default is '{default_target}'.", Name = "Target", Separator = TargetsSeparator)]
    public IReadOnlyCollection<ExecutableTarget> InvokedTargets => [.. ExecutionPlan.Where(x => x.Invoked)];

    [Parameter("List of targets to be skipped. Empty list skips all dependencies.", Name = "Skip", Separator = TargetsSeparator)]
    public IReadOnlyCollection<ExecutableTarget> SkippedTargets => WithStatus(ExecutionStatus.Skipped);

    public IReadOnlyCollection<ExecutableTarget> ScheduledTargets => WithStatus(ExecutionStatus.Scheduled);
    public IReadOnlyCollection<ExecutableTarget> RunningTargets => WithStatus(ExecutionStatus.Running);
    public IReadOnlyCollection<ExecutableTarget> AbortedTargets => WithStatus(ExecutionStatus.Aborted);
    public IReadOnlyCollection<ExecutableTarget> FailedTargets => WithStatus(ExecutionStatus.Failed);
    public IReadOnlyCollection<ExecutableTarget> SucceededTargets => WithStatus(ExecutionStatus.Succeeded);
    public IReadOnlyCollection<ExecutableTarget> FinishedTargets => [.. FailedTargets, .. SucceededTargets];

    [Parameter("Shows the execution plan (HTML).")]
    public bool Plan { get; }

    [Parameter("Shows the help text for this build assembly.")]
    public bool Help { get; }

    [Parameter("Disables displaying the NUKE logo.")]
    public bool NoLogo { get; set; }

    [Parameter("Indicates to continue a previously failed build attempt.")]
    public bool Continue { get; internal set; }

    [Parameter("Partition to use on CI.", List = false)]
    public Partition Partition { get; internal set; } = Partition.Single;

    public bool IsSucceeding => !IsFailing;
    public bool IsFailing =>
        ExecutionPlan.Any(x => x.Status is ExecutionStatus.Failed or ExecutionStatus.Aborted or ExecutionStatus.NotRun);
    public bool IsFinished => !ExecutionPlan.Any(x => x.Status is ExecutionStatus.Scheduled or ExecutionStatus.Running);

    /// <summary>Where set, what <see cref="Execute{T}"/> returns.</summary>
    public int? ExitCode { get; set; }

    /// <summary>Sets the <c>// Key: value</c> remarks of the running target's line in the summary.</summary>
    public void ReportSummary(Configure<Dictionary<string, string>> configurator = null) =>
        SetSummary(ExecutionPlan.Single(x => x.Status == ExecutionStatus.Running), configurator);

    internal static void SetSummary(ExecutableTarget target, Configure<Dictionary<string, string>> configurator) =>
        target.SummaryInformation = configurator == null ? [] : new(configurator([]));

    IReadOnlyCollection<ExecutableTarget> WithStatus(ExecutionStatus status) => [.. ExecutionPlan.Where(x => x.Status == status)];
}
