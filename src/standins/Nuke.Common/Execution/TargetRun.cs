using Serilog;

namespace Nuke.Common.Execution;

/// <summary>The target that ended the run; what it threw is logged already.</summary>
sealed class TargetExecutionException(string targetName, Exception inner)
    : Exception($"Target '{targetName}' has thrown an exception.", inner);

/// <summary>Runs the plan, target by target.</summary>
static class TargetRun
{
    /// <param name="build">The build, with its plan.</param>
    /// <param name="skippedNames">Targets to skip; none of them named: all that were not invoked; null: none.</param>
    public static void Execute(NukeBuild build, IReadOnlyCollection<string> skippedNames)
    {
        if (skippedNames != null)
        {
            string[] names = [.. skippedNames.Select(x => x.Replace("-", "", StringComparison.Ordinal))];
            foreach (
                var target in build.ExecutionPlan.Where(x => names.Length == 0 || names.Contains(x.Name, StringComparer.OrdinalIgnoreCase))
            )
                Skip(build, target, reason: "via parameter");
        }
        foreach (var target in build.ExecutionPlan)
            AreViolated(build, target, target.StaticConditions);
        Requirements.Check(build);
        var done = BuildAttempt.Start(build.Continue);

        BuildRun.OnCancelled(RunAssured);
        try
        {
            foreach (var target in build.ExecutionPlan)
                Run(build, target, done, isCleanup: false);
        }
        catch
        {
            RunAssured();
            throw;
        }

        void RunAssured()
        {
            foreach (var target in build.ExecutionPlan.Where(x => x.AssuredAfterFailure && x.Status == ExecutionStatus.Scheduled))
                Run(build, target, done, isCleanup: true);
        }
    }

    static void Run(NukeBuild build, ExecutableTarget target, IReadOnlyCollection<string> done, bool isCleanup)
    {
        if (target.Status == ExecutionStatus.Skipped || done.Contains(target.Name) || AreViolated(build, target, target.DynamicConditions))
        {
            target.Status = ExecutionStatus.Skipped;
            build.OnTargetSkipped(target.Name);
            return;
        }
        if (target.Actions.Count == 0)
        {
            target.Status = ExecutionStatus.Collective;
            return;
        }

        var outer = Logging.CurrentTarget;
        Logging.CurrentTarget = target.Name;
        try
        {
            using (build.WriteTarget(target.Name))
                Run(build, target, isCleanup);
        }
        finally
        {
            Logging.CurrentTarget = outer;
        }
    }

    static void Run(NukeBuild build, ExecutableTarget target, bool isCleanup)
    {
        target.Stopwatch.Start();
        target.Status = ExecutionStatus.Running;
        build.OnTargetRunning(target.Name);
        try
        {
            foreach (var action in target.Actions)
                action();
            target.Stopwatch.Stop();
            target.Status = ExecutionStatus.Succeeded;
            build.OnTargetSucceeded(target.Name);
            BuildAttempt.Add(target.Name);
        }
        catch (Exception exception)
        {
            exception = exception.Unwrap();
            if (target.SummaryInformation.Count == 0)
            {
                var firstLine = exception.Message.ReplaceLineEndings("\n").Split('\n')[0];
                NukeBuild.SetSummary(
                    target,
                    x =>
                    {
                        x[exception.GetType().Name] = firstLine;
                        return x;
                    }
                );
            }
            Log.Error(exception, "Target {TargetName} has thrown an exception", target.Name);
            target.Stopwatch.Stop();
            target.Status = ExecutionStatus.Failed;
            build.OnTargetFailed(target.Name);
            if (!target.ProceedAfterFailure && !isCleanup)
                throw new TargetExecutionException(target.Name, exception);
        }
    }

    static bool AreViolated(NukeBuild build, ExecutableTarget target, IEnumerable<(string Text, Func<bool> Delegate)> conditions)
    {
        try
        {
            string[] violated = [.. conditions.Where(x => !x.Delegate()).Select(x => WithoutArrow(x.Text))];
            if (violated.Length > 0)
            {
                target.OnlyWhen = string.Join(" && ", violated);
                Skip(build, target, reason: null);
            }
        }
        catch (Exception exception)
        {
            exception = exception.Unwrap();
            Log.Error(exception, "Invocation of condition for {TargetName} has thrown an exception", target.Name);
            throw new TargetExecutionException(target.Name, exception);
        }
        return target.OnlyWhen != null;

        // "() => IsServerBuild" is shown as "IsServerBuild".
        static string WithoutArrow(string condition) =>
            condition.StartsWith("() =>", StringComparison.Ordinal) ? condition["() =>".Length..].Trim() : condition;
    }

    // An invoked target itself is not skipped here; what only it needs is.
    static void Skip(NukeBuild build, ExecutableTarget target, string reason)
    {
        if (target.Status != ExecutionStatus.Scheduled)
            return;
        if (!target.Invoked)
        {
            target.Status = ExecutionStatus.Skipped;
            target.Skipped ??= reason;
        }
        if (target.DependencyBehavior == DependencyBehavior.Execute)
            return;

        ExecutableTarget[] unneeded = [.. target.ExecutionDependencies.Concat(target.Triggers).Where(x => !IsNeeded(x))];
        foreach (var dependency in unneeded)
            Skip(build, dependency, $"because of {target.Name}");

        bool IsNeeded(ExecutableTarget dependency) =>
            build.ExecutionPlan.Any(x =>
                x != target
                && x.Status == ExecutionStatus.Scheduled
                && (x.ExecutionDependencies.Contains(dependency) || x.Triggers.Contains(dependency))
            );
    }
}
