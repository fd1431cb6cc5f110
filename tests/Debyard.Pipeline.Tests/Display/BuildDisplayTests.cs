using System.Text.RegularExpressions;
using Debyard.Pipeline.Display;
using Debyard.Pipeline.Masking;

namespace Debyard.Pipeline.Tests.Display;

public sealed partial class BuildDisplayTests : IDisposable
{
    readonly Workspace workspace = new();
    readonly TemporaryFolder logs = new();
    readonly Terminal terminal = new();

    [Fact]
    public void The_table_is_below_the_lines_that_stay_and_has_step_and_counts()
    {
        using var zip = Log("player-zip/amd64", "Step 2/7 : RUN make\u001b[1A");
        using var gcc = Log("gcc-amd64");
        using var table = Table();
        table.Plan(4);

        table.Write(() => terminal.WriteLine("gcc-amd64 is being built"));
        table.Begin(gcc);
        table.Write(() => terminal.WriteLine("player-zip/amd64 is being built"));
        table.Begin(zip);

        Assert.Equal(
            [
                "gcc-amd64 is being built",
                "player-zip/amd64 is being built",
                "  gcc-amd64          0:00  starting",
                "  player-zip/amd64   0:00  Step 2/7 : RUN make [1A",
                "  2 running, 2 waiting, 0 built",
                "",
            ],
            terminal.Lines
        );

        gcc.HasFailed = true;
        table.Complete(gcc);
        Assert.Equal("  1 running, 2 waiting, 0 built, 1 failed", terminal.Lines[^2]);
        table.Finish();
    }

    [Fact]
    public void Nothing_of_the_table_stays_in_what_scrolls_by()
    {
        using var zip = Log("player-zip/amd64", "Step 1/7 : FROM x");
        using var table = Table();
        table.Plan(1);
        table.Begin(zip);
        for (var line = 0; line < 5; line++)
        {
            table.Write(() => terminal.WriteLine($"line {line}"));
        }
        table.Complete(zip);
        table.Write(() => terminal.WriteLine("built"));

        table.Finish();

        Assert.Equal(["line 0", "line 1", "line 2", "line 3", "line 4", "built", ""], terminal.Lines);
    }

    [Fact]
    public void The_table_fits_a_terminal_of_few_lines()
    {
        using var zip = Log("player-zip/amd64");
        using var gcc = Log("gcc-amd64");
        using var table = new LiveTable(terminal, () => 3);
        table.Plan(2);
        table.Begin(zip);
        table.Begin(gcc);

        Assert.Equal(["  player-zip/amd64   0:00  starting", "  2 running, 0 waiting, 0 built", ""], terminal.Lines);
        table.Finish();
    }

    [GeneratedRegex(@"\d{10}")]
    private static partial Regex Time { get; }

    [Fact]
    public void A_gitlab_job_has_one_closed_section_for_each_image_in_one_piece()
    {
        using var zip = Log("player-zip/amd64", [.. Enumerable.Range(1, 201).Select(line => $"line {line}")]);
        using var gcc = Log("gcc-amd64", "compiling");
        var sections = new GitLabSections(terminal, _ => { });

        sections.Begin(zip);
        sections.Begin(gcc);
        sections.Complete(gcc);
        var first = terminal.ToString();
        sections.Complete(zip);

        Assert.Equal(
            "\e[0Ksection_start:TIME:build_gcc-amd64[collapsed=true]\r\e[0Kgcc-amd64: build output\ncompiling\n"
                + "\e[0Ksection_end:TIME:build_gcc-amd64\r\e[0K\n",
            Time.Replace(first, "TIME")
        );
        Assert.StartsWith(
            $"\e[0Ksection_start:TIME:build_player-zip_amd64[collapsed=true]\r\e[0K"
                + $"player-zip/amd64: build output\n(last 200 of 201 lines; complete log: {zip.Path})\nline 2\n",
            Time.Replace(terminal.ToString()[first.Length..], "TIME"),
            StringComparison.Ordinal
        );
    }

    LiveTable Table() => new(terminal, () => 24);

    BuildLog Log(string id, params string[] lines)
    {
        var log = BuildLog.Create(workspace.Image(id), logs.Path, new SecretMask());
        foreach (var line in lines)
        {
            log.Write(line);
        }
        return log;
    }

    public void Dispose()
    {
        workspace.Dispose();
        logs.Dispose();
        terminal.Dispose();
    }
}
