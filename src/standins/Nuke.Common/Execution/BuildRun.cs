using System.Linq.Expressions;
using System.Text;
using Nuke.Common.Parameters;
using Serilog;

namespace Nuke.Common.Execution;

/// <summary>One run of a build, from the command line to the exit code.</summary>
static class BuildRun
{
    const int ErrorExitCode = -1;

    static readonly LinkedList<Action> cancellationHandlers = [];

    /// <summary>Called on Ctrl+C, the latest first, before the build's own handlers of <see cref="Console.CancelKeyPress"/>.</summary>
    public static void OnCancelled(Action handler) => cancellationHandlers.AddFirst(handler);

    public static int Execute<T>(Expression<Func<T, Target>>[] defaultTargets)
        where T : NukeBuild, new()
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        Console.CancelKeyPress += (_, _) =>
        {
            foreach (var handler in cancellationHandlers)
                handler();
        };

        var build = new T();
        try
        {
            Logging.Configure(build);
            Prepare(build, defaultTargets);
            OnCancelled(() => Finish(build));
            TargetRun.Execute(build, (string[])ParameterSources.Lookup("Skip", typeof(string[]), '+'));
            return build.ExitCode ??= build.IsSucceeding ? 0 : ErrorExitCode;
        }
        catch (Exception exception)
        {
            exception = exception.Unwrap();
            if (exception is not TargetExecutionException)
            {
                Log.Verbose(exception, "Target-unrelated exception was thrown");
                Host.Error(exception.Message);
            }
            return build.ExitCode ??= ErrorExitCode;
        }
        finally
        {
            Finish(build);
            Log.CloseAndFlush();
        }
    }

    static void Prepare<T>(T build, Expression<Func<T, Target>>[] defaultTargets)
        where T : NukeBuild
    {
        var targets = TargetDiscovery.Create(build, defaultTargets);
        build.ExecutableTargets = targets;

        var parameters = ParameterInjection.Parameters(build.GetType());
        ParameterSources.Files = new ParameterFiles(NukeBuild.NukeDirectory, NukeBuild.LoadedLocalProfiles, parameters);
        ParameterInjection.Inject(build, x => x.GetType() == typeof(ParameterAttribute));
        if (NukeBuild.BuildProjectFile != null)
            BuildSchema.Write(build, parameters);
        build.ExecuteExtension<IOnBuildCreated>(x => x.OnBuildCreated(targets));
        build.OnBuildCreated();

        if (!build.NoLogo)
            build.WriteLogo();
        build.ExecutionPlan = ExecutionPlanner.Plan(targets, (string[])ParameterSources.Lookup("Target", typeof(string[]), '+'));
        if (build.Plan)
            PlanPage.Show(build);
        if (build.Help || build.ExecutionPlan.Count == 0)
            HelpText.Show(build, parameters);
        ParameterInjection.Inject(build, x => x.GetType() != typeof(ParameterAttribute));
        build.OnBuildInitialized();
    }

    static void Finish(NukeBuild build)
    {
        if (build.ExecutionPlan == null)
            return;

        foreach (var target in build.ExecutionPlan)
        {
            target.Stopwatch.Stop();
            target.Status = target.Status switch
            {
                ExecutionStatus.Running => ExecutionStatus.Aborted,
                ExecutionStatus.Scheduled => ExecutionStatus.NotRun,
                var status => status,
            };
        }
        build.WriteErrorsAndWarnings();
        build.WriteTargetOutcome();
        build.WriteBuildOutcome();
        build.OnBuildFinished();
    }
}
