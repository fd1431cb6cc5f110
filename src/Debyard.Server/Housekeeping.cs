using Debyard.Repository;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Debyard.Server;

/// <summary>Frees disk space that nothing uses any more, in the background.</summary>
sealed class Housekeeping(RepositoryRoot repository, ILogger<Housekeeping> log) : BackgroundService
{
    static readonly TimeSpan interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval);
        while (await NextAsync(timer, stoppingToken))
            try
            {
                if (await repository.CollectGarbageAsync() is var freed and > 0)
                    log.LogInformation("Freed {Bytes} bytes of packages that no branch lists", freed);
            }
            catch (Exception exception) // no request waits for it, and the next run may succeed
            {
                log.LogError(exception, "Garbage collection failed; the next attempt is in {Interval}", interval);
            }
    }

    static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
