using System.Globalization;
using Nuke.Common.Execution;

namespace Nuke.Common;

public abstract partial class Host
{
    const int StatusWidth = 10;
    const int DurationWidth = 10;
    const char Padding = '\u00a0'; // no-break space: job logs that collapse spaces keep the columns

    protected internal virtual void WriteErrorsAndWarnings()
    {
        if (Logging.ErrorsAndWarnings.Count == 0)
            return;
        using (WriteBlock("Errors & Warnings"))
            Logging.RepeatErrorsAndWarnings(Theme);
    }

    protected internal virtual void WriteTargetOutcome(INukeBuild build)
    {
        var nameWidth = Math.Max(build.ExecutionPlan.Max(x => x.Name.Length) + 4, 19);
        var width = nameWidth + StatusWidth + DurationWidth;

        Debug();
        Debug(new string('═', width));
        Information(Line("Target", "Status", "Duration"));
        Debug(new string('─', width));
        foreach (var target in build.ExecutionPlan.Where(x => x.Status != ExecutionStatus.Collective))
            WriteLine(target);
        Debug(new string('─', width));
        Information(Line("Total", "", DurationText(build.ExecutionPlan.Aggregate(TimeSpan.Zero, (sum, x) => sum + x.Duration))));
        Debug(new string('═', width));

        string Line(string name, string status, string duration) =>
            name.PadRight(nameWidth, Padding) + status.PadRight(StatusWidth, Padding) + duration.PadLeft(DurationWidth, Padding);

        void WriteLine(ExecutableTarget target)
        {
            var hasRun = target.Status is ExecutionStatus.Succeeded or ExecutionStatus.Failed or ExecutionStatus.Aborted;
            var line = Line(target.Name, target.Status.ToString(), hasRun ? DurationText(target.Duration) : "");
            if (target.SummaryInformation.Count > 0)
                line += $"   // {string.Join(", ", target.SummaryInformation.Select(x => $"{x.Key}: {x.Value}"))}";
            Action<string> write = target.Status switch
            {
                ExecutionStatus.Skipped => Debug,
                ExecutionStatus.Succeeded => Success,
                ExecutionStatus.Failed => Error,
                _ => Warning,
            };
            write(line);
        }
    }

    protected internal virtual void WriteBuildOutcome(INukeBuild build)
    {
        Debug();
        var now = DateTime.Now.ToString(CultureInfo.CurrentCulture);
        if (build.IsSucceeding)
            Success($"Build succeeded on {now}. ＼（＾ᴗ＾）／");
        else
            Error($"Build failed on {now}. (╯°□°）╯︵ ┻━┻");
    }

    static string DurationText(TimeSpan duration) =>
        duration < TimeSpan.FromSeconds(1) ? "< 1sec" : $"{(int)duration.TotalMinutes}:{duration:ss}";
}
