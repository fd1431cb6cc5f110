namespace Debyard.Nuke.Tests;

public sealed class OutputTests : IDisposable
{
    readonly BuildProcess build = new();

    public void Dispose() => build.Dispose();

    [Fact]
    public void A_run_shows_each_target_and_ends_with_a_summary() => Golden.Equal(build.Run().Output, "success.golden");

    [Fact]
    public void The_summarys_cells_are_padded_with_no_break_spaces()
    {
        using var process = build.Start("First");
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Contains($"First{new string('\u00a0', 14)}Succeeded\u00a0{new string('\u00a0', 4)}< 1sec", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_lists_targets_and_parameters()
    {
        var outcome = build.Run("--help");
        Assert.Equal(0, outcome.ExitCode);
        Golden.Equal(outcome.Output, "help.golden");
    }

    [Fact]
    public void In_GitLab_a_target_is_a_section_and_the_variables_are_properties()
    {
        var outcome = build
            .With("GITLAB_CI", "true")
            .With("CI_COMMIT_REF_SLUG", "feature-x")
            .With("CI_JOB_ID", "5000000000")
            .With("CI_COMMIT_REF_PROTECTED", "true")
            .Run("ShowHost");
        Golden.Equal(outcome.Output, "gitlab.golden");
        Assert.False(File.Exists(build[".nuke/temp/build.log"]));
    }

    [Fact]
    public void On_a_terminal_there_are_log_files_and_no_GitLab()
    {
        var outcome = build.Run("ShowHost", "Second");
        Assert.Contains("host=Terminal local=True server=False\nslug=- job=0 protected=False\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(
            " | I | Second               | second\n",
            File.ReadAllText(build[".nuke/temp/build.log"]),
            StringComparison.Ordinal
        );
        var dated = Assert.Single(Directory.GetFiles(build[".nuke/temp"], "build.2*.log"));
        Assert.Contains("I | Second               | second", File.ReadAllLines(dated));
    }

    [Fact]
    public void The_host_can_be_given() =>
        Assert.Contains(
            "host=GitLab local=False server=True\n",
            build.Run("ShowHost", "--host", "gitlab").Output,
            StringComparison.Ordinal
        );

    [Fact]
    public void Verbosity_hides_what_is_less_important()
    {
        var outcome = build.Run("Async", "Restore", "--verbosity", "quiet");
        Assert.DoesNotContain("[INF]", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hh:mm:ss [WRN]", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("hh:mm:ss [ERR] Target Async has thrown an exception", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_that_fails_is_named_with_its_command_its_folder_and_its_errors()
    {
        var outcome = build.Run("Process");
        Assert.Equal(255, outcome.ExitCode);
        Assert.Contains("[DBG] out\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("[ERR] broken\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Process 'sh' exited with code 3.\n   > ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("\n   @ ROOT\nError output:\n   broken\n", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_in_arguments_are_quoted_and_secrets_do_not_show()
    {
        var outcome = build.Run("Quoted");
        Assert.Contains("sh \"ROOT/a b\" [REDACTED]\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("[DBG] ROOT/a b|[REDACTED]|\n", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_environment_that_is_given_is_the_whole_one() =>
        Assert.Equal(
            ["hh:mm:ss [DBG] ONLY=this"],
            build.Run("Environments").Output.Split('\n').Where(line => line.Contains("[DBG]", StringComparison.Ordinal))
        );
}
