using System.Threading.Channels;
using Debyard.Server.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Debyard.Server.GitLab;

/// <summary>Compares branches with GitLab's in the background: single ones when a webhook asks for it, all of them at intervals.</summary>
sealed class BranchWatch(Reconciliation reconciliation, GitLabApi api, GitLabOptions options, TimeProvider time, ILogger<BranchWatch> log)
    : BackgroundService
{
    const int MaxWaiting = 1000;

    // After a change that could not be checked, all branches are compared this soon.
    static readonly TimeSpan soon = TimeSpan.FromSeconds(30);

    readonly Channel<BranchChange> changes = Channel.CreateBounded<BranchChange>(MaxWaiting);
    readonly SemaphoreSlim compareSoon = new(0, 1);

    /// <summary>Queues a change. If too many wait, all branches are compared soon instead.</summary>
    public void Submit(BranchChange change)
    {
        if (!changes.Writer.TryWrite(change))
            CompareSoon();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(
            Task.Run(() => FollowWebhooksAsync(stoppingToken), stoppingToken),
            Task.Run(() => CompareAllAsync(stoppingToken), stoppingToken)
        );

    async Task FollowWebhooksAsync(CancellationToken stopping)
    {
        await foreach (var change in changes.Reader.ReadAllAsync(stopping))
            if (!await GuardAsync(() => reconciliation.CompareAsync(change.Project, change.Ref, change.Created), stopping))
                CompareSoon();
    }

    // The first comparison comes at once: webhooks may have been lost while the server was stopped.
    async Task CompareAllAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var isComplete = await GuardAsync(
                async () => (await reconciliation.CompareAllAsync(apply: true, stopping)).Projects.Count == 0,
                stopping
            );
            if (!isComplete)
                log.LogWarning("Not all branches were compared with GitLab's; the next attempt is in {Interval}", Pause());
            if (await compareSoon.WaitAsync(Pause(), stopping))
                await Task.Delay(soon, stopping);
        }
    }

    TimeSpan Pause() =>
        api.NotBefore - time.GetUtcNow() is var asked && asked > TimeSpan.Zero && asked < options.Interval ? asked : options.Interval;

    void CompareSoon()
    {
        lock (compareSoon)
            if (compareSoon.CurrentCount == 0)
                compareSoon.Release();
    }

    async Task<bool> GuardAsync(Func<Task<bool>> compare, CancellationToken stopping)
    {
        try
        {
            return await compare();
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested) // no request waits for it, and the next run may succeed
        {
            log.LogError(exception, "Comparing branches with GitLab's failed");
            return false;
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        compareSoon.Dispose();
    }
}
