using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Debyard.Server;

/// <summary>Warns when the system clock is set: apt refuses repositories whose dates are in the future.</summary>
sealed class ClockWatch(TimeProvider time, ILogger<ClockWatch> log) : BackgroundService
{
    static readonly TimeSpan interval = TimeSpan.FromMinutes(1),
        // apt's Acquire::Max-FutureTime.
        tolerance = TimeSpan.FromSeconds(10);

    DateTimeOffset lastTime = time.GetUtcNow();
    long lastTimestamp = time.GetTimestamp();

    /// <summary>Compares the clock with the time that has passed since the last call.</summary>
    internal void Observe()
    {
        var now = time.GetUtcNow();
        var step = now - lastTime - time.GetElapsedTime(lastTimestamp);
        if (step.Duration() > tolerance)
            log.LogWarning(
                "The system clock was set {Direction} by {Step}, to {Now:u}; apt refuses what is published while it is wrong",
                step > TimeSpan.Zero ? "forward" : "back",
                TimeSpan.FromSeconds(Math.Round(step.Duration().TotalSeconds)),
                now
            );
        (lastTime, lastTimestamp) = (now, time.GetTimestamp());
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Observe();
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }
}
