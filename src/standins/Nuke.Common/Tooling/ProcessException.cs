using System.Text;
using Nuke.Common.Utilities;
using Serilog;
using Serilog.Events;

namespace Nuke.Common.Tooling;

/// <summary>A process ended with an exit code other than 0: which, where, and what it wrote.</summary>
public class ProcessException(IProcess process) : Exception(Describe(process))
{
    public int ExitCode { get; } = process.ExitCode;

    static string Describe(IProcess process)
    {
        var text = new StringBuilder()
            .AppendLine($"Process '{Path.GetFileName(process.FileName)}' exited with code {process.ExitCode}.")
            .AppendLine($"   > {process.FileName.DoubleQuoteIfNeeded()} {process.Arguments}")
            .AppendLine($"   @ {process.WorkingDirectory}");
        if (process.Output.Any(x => x.Type == OutputType.Err))
            Append("Error output:", process.Output.Where(x => x.Type == OutputType.Err));
        else if (Log.IsEnabled(LogEventLevel.Verbose))
            Append("Standard output:", process.Output);
        return text.ToString();

        void Append(string heading, IEnumerable<Output> lines)
        {
            text.AppendLine(heading);
            foreach (var line in lines)
                text.Append("   ").AppendLine(line.Text);
        }
    }
}

public static class ProcessExtensions
{
    public static IProcess AssertWaitForExit(this IProcess process)
    {
        Assert.True(process != null);
        Assert.True(process.WaitForExit());
        return process;
    }

    public static IProcess AssertZeroExitCode(this IProcess process) =>
        process.AssertWaitForExit().ExitCode == 0 ? process : throw new ProcessException(process);

    public static IReadOnlyCollection<Output> EnsureOnlyStd(this IReadOnlyCollection<Output> output)
    {
        Assert.True(output.All(x => x.Type == OutputType.Std));
        return output;
    }

    public static string StdToText(this IEnumerable<Output> output) =>
        string.Join(Environment.NewLine, output.Where(x => x.Type == OutputType.Std).Select(x => x.Text));
}
