using Microsoft.Extensions.Hosting;

namespace Debyard.Server.Memory;

/// <summary>
/// Gives back memory once a burst is over. The runtime collects when something is allocated, so a server at rest would keep for
/// days what its last publishes have left.
/// </summary>
sealed class IdleMemoryTrimmer : BackgroundService
{
    // A few requests are no work; a publish allocates several megabytes.
    const long Quiet = 1024 * 1024;

    static readonly TimeSpan interval = TimeSpan.FromSeconds(10);

    long last,
        collected;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            CollectIfIdle();
    }

    /// <summary>Collects where there was work since it last did, and none since the last look.</summary>
    internal void CollectIfIdle()
    {
        var allocated = GC.GetTotalAllocatedBytes();
        if (allocated - last < Quiet && allocated - collected > Quiet)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            NativeHeap.Trim();
            collected = allocated;
        }
        last = allocated;
    }
}
