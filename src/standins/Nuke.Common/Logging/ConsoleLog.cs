using System.Globalization;
using Nuke.Common.Hosts;
using Serilog.Events;

namespace Nuke.Common.Execution;

/// <summary>Log lines on the console: <c>HH:mm:ss [INF] message</c>. Lines of parallel work are not mixed.</summary>
sealed class ConsoleLog(Theme theme, bool timestamps)
{
    static readonly Lock oneLine = new();

    public void Write(LogEvent logEvent)
    {
        lock (oneLine)
        {
            if (theme is ConsoleTheme)
                Write(logEvent, Console.Out);
            else
            {
                var line = new StringWriter(CultureInfo.InvariantCulture);
                Write(logEvent, line);
                Console.Out.Write(line.ToString());
            }
        }
    }

    /// <summary><c>[ERR] Target: message</c>, as repeated at the end of the run.</summary>
    public void WriteAgain(LogEvent logEvent, string target)
    {
        lock (oneLine)
        {
            WriteLevel(logEvent.Level, Console.Out);
            if (target != null)
                theme.Write(Console.Out, Style.SecondaryText, target);
            theme.Write(Console.Out, Style.TertiaryText, ": ");
            LogText.WriteMessage(logEvent, (style, text) => theme.Write(Console.Out, style, text));
            Console.Out.WriteLine();
        }
    }

    void Write(LogEvent logEvent, TextWriter output)
    {
        if (timestamps)
        {
            theme.Write(output, Style.SecondaryText, logEvent.Timestamp.ToString("HH:mm:ss", CultureInfo.InvariantCulture));
            output.Write(' ');
        }
        WriteLevel(logEvent.Level, output);
        LogText.WriteMessage(logEvent, (style, text) => theme.Write(output, style, text));
        output.WriteLine();
        if (logEvent.Exception != null)
        {
            foreach (var line in logEvent.Exception.ToString().ReplaceLineEndings("\n").Split('\n'))
            {
                theme.Write(output, line.StartsWith("   ", StringComparison.Ordinal) ? Style.SecondaryText : Style.Text, line);
                output.WriteLine();
            }
        }
    }

    void WriteLevel(LogEventLevel level, TextWriter output)
    {
        theme.Write(output, Style.TertiaryText, "[");
        theme.Write(
            output,
            level switch
            {
                LogEventLevel.Verbose => Style.Verbose,
                LogEventLevel.Debug => Style.Debug,
                LogEventLevel.Information => Style.Information,
                LogEventLevel.Warning => Style.Warning,
                LogEventLevel.Error => Style.Error,
                _ => Style.Fatal,
            },
            LogText.Code(level)
        );
        theme.Write(output, Style.TertiaryText, "] ");
    }
}
