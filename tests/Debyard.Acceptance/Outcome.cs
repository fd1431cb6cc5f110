using System.Text.RegularExpressions;

namespace Debyard.Acceptance;

/// <summary>What a run of the build came to.</summary>
sealed partial record Outcome(int ProcessId, int ExitCode, string Output, TimeSpan Duration)
{
    [GeneratedRegex(@"^\s+at \S", RegexOptions.Multiline)]
    private static partial Regex StackTrace { get; }

    public Outcome Succeeds(params string[] saying)
    {
        Assert.True(ExitCode == 0, $"Exit code {ExitCode}:\n{Output}");
        return Says(saying);
    }

    /// <summary>Failed as a tool should: with words that name the thing and the remedy, and none for its authors.</summary>
    public Outcome Refuses(params string[] saying)
    {
        Assert.True(ExitCode == 255, $"Exit code {ExitCode}, not 255:\n{Output}");
        Assert.False(StackTrace.IsMatch(Output), $"A stack trace:\n{Output}");
        return Says(saying);
    }

    public Outcome Says(params string[] texts)
    {
        foreach (var text in texts)
        {
            Assert.True(Output.Contains(text, StringComparison.Ordinal), $"It does not say '{text}':\n{Output}");
        }
        return this;
    }
}
