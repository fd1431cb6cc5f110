using System.Diagnostics;

namespace Debyard.Nuke.Tests;

public sealed class FailureTests : IDisposable
{
    readonly BuildProcess build = new();

    public void Dispose() => build.Dispose();

    [Fact]
    public void A_failed_target_ends_the_run_and_what_is_assured_still_runs()
    {
        var outcome = build.Run("AfterFail", "Assured");
        Assert.Equal(255, outcome.ExitCode);
        Golden.Equal(outcome.Output, "failure.golden");
    }

    [Fact]
    public void A_target_may_fail_without_ending_the_run_but_the_build_fails()
    {
        var outcome = build.Run("AfterProceed");
        Assert.Equal(255, outcome.ExitCode);
        Assert.Equal(["Proceed Failed // Exception: never mind", "AfterProceed Succeeded"], outcome.Summary);
    }

    [Fact]
    public void Warnings_and_errors_are_repeated_at_the_end_with_their_target()
    {
        var outcome = build.Run("Async");
        Assert.Equal(255, outcome.ExitCode);
        var repeated = outcome.Output[outcome.Output.IndexOf("Errors & Warnings", StringComparison.Ordinal)..];
        Assert.Contains(
            "[WRN] Async: about to fail in a task\n[ERR] Async: Target Async has thrown an exception\n",
            repeated,
            StringComparison.Ordinal
        );
        Assert.Equal(["Async Failed // InvalidOperationException: asynchronous"], outcome.Summary);
    }

    [Fact]
    public void The_build_can_choose_its_exit_code() => Assert.Equal(7, build.Run("OwnExitCode").ExitCode);

    [Fact]
    public void A_failed_build_can_be_continued()
    {
        build.Run("AfterFail");
        Assert.Equal(
            ["Restore Skipped", "Fail Failed // Exception: it broke", "AfterFail NotRun"],
            build.Run("AfterFail", "--continue").Summary
        );
    }

    [Fact]
    public void Another_invocation_is_not_continued()
    {
        build.Run("AfterFail");
        var outcome = build.Run("Pack", "--continue");
        Assert.Contains("Build invocation changed. Restarting ...", outcome.Output, StringComparison.Ordinal);
        Assert.Equal("Restore Succeeded", outcome.Summary.First());
    }

    [Fact]
    public void The_build_is_told_of_each_step() =>
        Assert.Equal(
            [
                "event created sample",
                "event initialized 3",
                "event running Restore",
                "event succeeded Restore",
                "event running Fail",
                "event failed Fail",
                "event finished False Restore",
            ],
            build
                .With("SAMPLE_EVENTS", "1")
                .Run("AfterFail")
                .Output.Split('\n')
                .Where(line => line.StartsWith("event ", StringComparison.Ordinal))
        );

    [Fact]
    public void Interrupting_shows_the_running_target_as_aborted_before_the_builds_own_handlers()
    {
        using var process = build.Start("Hang");
        while (process.StandardOutput.ReadLine() is { } line && line != "hanging") { }
        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        var output = build.Normalise(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("Hang               Aborted ", output, StringComparison.Ordinal);
        Assert.Contains("Build failed on ", output, StringComparison.Ordinal);
        Assert.EndsWith("own handler\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_root_directory_there_is_no_build()
    {
        Directory.Delete(build[".nuke"]);
        var outcome = build.Run("First");
        Assert.Equal(134, outcome.ExitCode);
        Assert.Contains("Could not locate '.nuke' directory/file while walking up from", outcome.Errors, StringComparison.Ordinal);
    }
}
