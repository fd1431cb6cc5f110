using System.Globalization;
using Nuke.Common.IO;
using Serilog.Events;

namespace Nuke.Common.Execution;

/// <summary>
/// <c>build.log</c>, and the same without times in <c>build.&lt;date&gt;.log</c> so that two runs can be compared; the newest five of
/// those are kept.
/// </summary>
sealed class LogFiles : IDisposable
{
    const int Kept = 5;
    const int TargetWidth = 20;

    readonly Lock oneLine = new();
    readonly StreamWriter timed;
    readonly StreamWriter comparable;

    public LogFiles(AbsolutePath directory)
    {
        foreach (var old in Directory.GetFiles(directory, "build.*.log").OrderDescending().Skip(Kept))
            File.Delete(old);
        timed = TryOpen(directory / "build.log");
        comparable = TryOpen(directory / $"build.{DateTime.Now.ToString("yyyy-MM-dd_HH-mm-ss", CultureInfo.InvariantCulture)}.log");
    }

    public void Write(LogEvent logEvent, string target)
    {
        var cut = (target.Length > TargetWidth ? target[..TargetWidth] : target).PadRight(TargetWidth);
        var line = $"{LogText.Code(logEvent.Level)[0]} | {cut} | {LogText.Message(logEvent)}";
        lock (oneLine)
        {
            Write(timed, $"{logEvent.Timestamp.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} | {line}");
            Write(comparable, line);
        }

        void Write(StreamWriter file, string text)
        {
            file?.WriteLine(text);
            if (logEvent.Exception != null)
                file?.WriteLine(logEvent.Exception);
            file?.Flush();
        }
    }

    public void Dispose()
    {
        timed?.Dispose();
        comparable?.Dispose();
    }

    // Another build that runs beside this one keeps its files.
    static StreamWriter TryOpen(AbsolutePath file)
    {
        try
        {
            return new StreamWriter(new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
