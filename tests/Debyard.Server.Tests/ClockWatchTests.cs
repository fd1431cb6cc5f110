using Microsoft.Extensions.Logging;

namespace Debyard.Server.Tests;

/// <summary>apt refuses dates in the future, so an operator must learn that the clock was set.</summary>
public sealed class ClockWatchTests
{
    readonly Clock clock = new();
    readonly Lines log = new();

    [Theory]
    [InlineData(3600, "The system clock was set forward by 01:00:00, to ")]
    [InlineData(-3600, "The system clock was set back by 01:00:00, to ")]
    public void A_clock_that_is_set_is_reported_once(int seconds, string line)
    {
        using var watch = new ClockWatch(clock, log);
        clock.Advance(TimeSpan.FromSeconds(seconds));

        watch.Observe();
        watch.Observe();

        Assert.StartsWith(line, Assert.Single(log.Written), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    public void A_small_correction_is_not(int seconds)
    {
        using var watch = new ClockWatch(clock, log);
        clock.Advance(TimeSpan.FromSeconds(seconds));

        watch.Observe();

        Assert.Empty(log.Written);
    }

    sealed class Lines : ILogger<ClockWatch>
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Written.Add(formatter(state, exception));
    }
}
