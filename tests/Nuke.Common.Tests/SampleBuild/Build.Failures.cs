using Nuke.Common;
using Nuke.Common.Tooling;
using Serilog;

namespace Debyard.Tests.SampleBuild;

/// <summary>Targets that fail, and targets that run after a failure.</summary>
sealed partial class Build
{
    Target Fail => _ => _.DependsOn(Restore).Executes(() => Assert.Fail("it broke\nin two lines"));
    Target AfterFail => _ => _.DependsOn(Fail).Executes(() => Log.Information("after failure"));
    Target Assured => _ => _.After(AfterFail).AssuredAfterFailure().Executes(() => Log.Information("assured"));

    Target Proceed => _ => _.ProceedAfterFailure().Executes(() => Assert.Fail("never mind"));
    Target AfterProceed => _ => _.DependsOn(Proceed).Executes(() => Log.Information("went on"));

    Target Async =>
        _ =>
            _.Executes(async () =>
            {
                await Task.Yield();
                Log.Warning("about to fail in {Where}", "a task");
                throw new InvalidOperationException("asynchronous");
            });

    Target OwnExitCode => _ => _.Executes(() => ExitCode = 7);

    Target Process =>
        _ => _.Executes(() => ProcessTasks.StartProcess("sh", "-c \"echo out; echo broken >&2; exit 3\"").AssertZeroExitCode());
    Target Quoted =>
        _ =>
            _.Executes(() =>
            {
                var path = RootDirectory / "a b";
                var token = "s3cret";
                ProcessTasks.StartProcess("sh", $"-c {"printf '%s|' \"$@\""} sh {path} {token:r}").AssertZeroExitCode();
            });
    Target Environments =>
        _ =>
            _.Executes(() =>
                ProcessTasks
                    .StartProcess("/usr/bin/env", environmentVariables: new Dictionary<string, string> { ["ONLY"] = "this" })
                    .AssertZeroExitCode()
            );

    Target Hang =>
        _ =>
            _.Executes(() =>
            {
                Console.CancelKeyPress += (_, _) => Console.WriteLine("own handler");
                Console.WriteLine("hanging");
                Thread.Sleep(Timeout.Infinite);
            });
}
