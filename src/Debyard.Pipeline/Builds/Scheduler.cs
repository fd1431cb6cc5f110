using System.Runtime.ExceptionServices;

namespace Debyard.Pipeline.Builds;

/// <summary>What happens to the remaining work after a failure. Work in progress finishes in any case.</summary>
public enum AfterFailure
{
    /// <summary>Nothing more starts.</summary>
    Stop,

    /// <summary>All that does not depend on the failed work is still done.</summary>
    KeepGoing,
}

/// <summary>
/// Runs work that depends on other work, at most <paramref name="jobs"/> items at a time. Of the items that can start, the one with
/// the longest critical path starts first. Of items that share a prefix, only one runs while other items can start: the rest then
/// find the common work done.
/// </summary>
public sealed class Scheduler(int jobs, AfterFailure afterFailure = AfterFailure.Stop)
{
    /// <param name="items">Each after what it depends on.</param>
    /// <param name="dependencies">What an item depends on; dependencies that are not among the items count as done.</param>
    /// <param name="estimate">How long an item will probably take.</param>
    /// <param name="sharePrefix">Whether two items begin with the same work.</param>
    /// <remarks>
    /// A single failure is rethrown unchanged. Several failures become one <see cref="PipelineException"/> with all messages; with
    /// <see cref="AfterFailure.Stop"/> these are the failures of work that was still running.
    /// </remarks>
    public async Task RunAsync<T>(
        IReadOnlyList<T> items,
        Func<T, IReadOnlyList<T>> dependencies,
        Func<T, TimeSpan> estimate,
        Func<T, T, bool> sharePrefix,
        Func<T, CancellationToken, Task> work,
        CancellationToken cancellation
    )
        where T : notnull
    {
        var criticalPaths = CriticalPaths(items, dependencies, estimate);
        var waiting = items.ToList();
        var pending = items.ToHashSet();
        var running = new List<(Task Task, T Item)>();
        var failures = new List<Exception>();
        while (waiting.Count > 0 || running.Count > 0)
        {
            while (
                (failures.Count == 0 || afterFailure == AfterFailure.KeepGoing)
                && !cancellation.IsCancellationRequested
                && running.Count < jobs
                && waiting
                    .Where(item => !dependencies(item).Any(pending.Contains))
                    .OrderBy(item => running.Any(other => sharePrefix(other.Item, item)))
                    .ThenByDescending(item => criticalPaths[item])
                    .Take(1)
                    .ToList()
                    is [var ready]
            )
            {
                waiting.Remove(ready);
                running.Add((work(ready, cancellation), ready));
            }
            if (running.Count == 0)
            {
                break;
            }
            await Task.WhenAny(running.Select(job => job.Task));
            var (done, item) = running.Find(job => job.Task.IsCompleted);
            running.Remove((done, item));
            try
            {
                await done;
                pending.Remove(item);
            }
            catch (Exception exception)
            {
                failures.Add(exception);
            }
        }
        Throw(failures, waiting);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>For each item, the time from its start to the end of the longest chain of items that depend on it.</summary>
    static Dictionary<T, TimeSpan> CriticalPaths<T>(
        IReadOnlyList<T> items,
        Func<T, IReadOnlyList<T>> dependencies,
        Func<T, TimeSpan> estimate
    )
        where T : notnull
    {
        var paths = items.ToDictionary(item => item, estimate);
        foreach (var item in items.Reverse())
        {
            foreach (var dependency in dependencies(item).Where(paths.ContainsKey))
            {
                var through = estimate(dependency) + paths[item];
                paths[dependency] = paths[dependency] > through ? paths[dependency] : through;
            }
        }
        return paths;
    }

    void Throw<T>(List<Exception> failures, List<T> waiting)
    {
        if (failures.Count == 0)
        {
            return;
        }
        // A cancellation or a bug is rethrown unchanged, whatever else failed.
        var single =
            failures.Find(failure => failure is not PipelineException)
            ?? (failures.Count == 1 && (waiting.Count == 0 || afterFailure == AfterFailure.Stop) ? failures[0] : null);
        if (single is not null)
        {
            ExceptionDispatchInfo.Throw(single);
        }
        var notBuilt =
            waiting.Count > 0 && afterFailure == AfterFailure.KeepGoing
                ? $"\nNot built, because they need a failed image: {string.Join(", ", waiting)}."
                : "";
        throw new PipelineException(
            string.Join("\n\n", failures.Select(failure => failure.Message)) + notBuilt,
            new AggregateException(failures)
        );
    }
}
