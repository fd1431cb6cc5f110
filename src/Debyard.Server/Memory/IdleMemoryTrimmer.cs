using Microsoft.Extensions.Hosting;

namespace Debyard.Server.Memory;

/// <summary>
/// Returns memory to the system after a burst of work. The runtime collects garbage only while something allocates, so an idle server would
/// keep the garbage of its last publishes for days.
/// </summary>
sealed class IdleMemoryTrimmer : BackgroundService
{
    // A publish allocates several megabytes; a few requests allocate less than this.
    const long IdleBytes = 1024 * 1024;

    static readonly TimeSpan interval = TimeSpan.FromSeconds(10);

    long last,
        collected;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            CollectIfIdle();
    }

    /// <summary>Collects if there was work since the last collection, and none since the last call.</summary>
    internal void CollectIfIdle()
    {
        var allocated = GC.GetTotalAllocatedBytes();
        if (allocated - last < IdleBytes && allocated - collected > IdleBytes)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            NativeHeap.Trim();
            collected = allocated;
        }
        last = allocated;
    }
}
