using Nuke.Common.CI;
using Nuke.Common.Hosts;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Nuke.Common.Execution;

/// <summary>What Serilog's <see cref="Log"/> writes to while a build runs.</summary>
public static class Logging
{
    static readonly List<(LogEvent Event, string Target)> errorsAndWarnings = [];

    public static readonly LoggingLevelSwitch LevelSwitch = new();

    internal static string CurrentTarget { get; set; } = "";

    internal static IReadOnlyCollection<(LogEvent Event, string Target)> ErrorsAndWarnings => errorsAndWarnings;

    internal static Verbosity Verbosity
    {
        get =>
            LevelSwitch.MinimumLevel switch
            {
                LogEventLevel.Verbose => Verbosity.Verbose,
                LogEventLevel.Warning => Verbosity.Minimal,
                LogEventLevel.Error or LogEventLevel.Fatal => Verbosity.Quiet,
                _ => Verbosity.Normal,
            };
        set =>
            LevelSwitch.MinimumLevel = value switch
            {
                Verbosity.Verbose => LogEventLevel.Verbose,
                Verbosity.Normal => LogEventLevel.Debug,
                Verbosity.Minimal => LogEventLevel.Warning,
                _ => LogEventLevel.Error,
            };
    }

    public static void Configure(INukeBuild build) =>
        Log.Logger = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .WriteTo.Sink(
                new Sink(
                    new ConsoleLog(build.Host.Theme, timestamps: ((NukeBuild)build).IsOutputEnabled(DefaultOutput.Timestamps)),
                    build.Host is IBuildServer ? null : new LogFiles(build.TemporaryDirectory)
                )
            )
            .CreateLogger();

    /// <summary>Writes the errors and warnings once more; what is logged after that has their form.</summary>
    internal static void RepeatErrorsAndWarnings(Theme theme)
    {
        var console = new ConsoleLog(theme, timestamps: false);
        Log.CloseAndFlush();
        foreach (var (logEvent, target) in errorsAndWarnings.Where(x => x.Event.MessageTemplate.Text.Length > 0))
            console.WriteAgain(logEvent, target);
        Log.Logger = new LoggerConfiguration().WriteTo.Sink(new AfterSummary(console)).CreateLogger();
    }

    sealed class Sink(ConsoleLog console, LogFiles files) : ILogEventSink, IDisposable
    {
        public void Emit(LogEvent logEvent)
        {
            if (logEvent.Level >= LevelSwitch.MinimumLevel)
                console.Write(logEvent);
            if (logEvent.Level >= LogEventLevel.Warning)
            {
                lock (errorsAndWarnings)
                    errorsAndWarnings.Add((logEvent, CurrentTarget));
            }
            files?.Write(logEvent, CurrentTarget);
        }

        public void Dispose() => files?.Dispose();
    }

    sealed class AfterSummary(ConsoleLog console) : ILogEventSink
    {
        public void Emit(LogEvent logEvent) => console.WriteAgain(logEvent, target: null);
    }
}
