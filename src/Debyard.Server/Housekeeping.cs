using Debyard.Repository;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Debyard.Server;

/// <summary>Frees, beside all else, what nobody needs any more.</summary>
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
                    log.LogInformation("Freed {Bytes} bytes of packages that no branch has", freed);
            }
            catch (Exception fault) // the next time may do; nobody waits for this one
            {
                log.LogError(fault, "Freeing what nobody needs failed");
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
