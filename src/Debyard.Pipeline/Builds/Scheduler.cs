using System.Runtime.ExceptionServices;

namespace Debyard.Pipeline.Builds;

/// <summary>What a failure does to the rest of the work. What is running comes to its end in any case.</summary>
public enum AfterFailure
{
    /// <summary>Nothing more is started.</summary>
    Stop,

    /// <summary>All that does not depend on what failed is still done.</summary>
    GoOn,
}

/// <summary>
/// Runs work that depends on other work: as much at a time as <paramref name="jobs"/> allows, each item once everything before
/// it is done, and of those that could start the one with the longest way to the end first. Of items that begin alike one goes
/// ahead while there is anything else to do: the others find done what it did.
/// </summary>
public sealed class Scheduler(int jobs, AfterFailure afterFailure = AfterFailure.Stop)
{
    /// <param name="items">Each after what it depends on.</param>
    /// <param name="before">What an item waits for; those that are not among the items count as done.</param>
    /// <param name="lasts">How long an item will probably take.</param>
    /// <param name="alike">True of two items that begin with the same work.</param>
    /// <remarks>
    /// A single failure is thrown as it came. Of several, all messages are in one <see cref="PipelineException"/>; where work stops at
    /// the first, failures of what was still running then are told too.
    /// </remarks>
    public async Task RunAsync<T>(
        IReadOnlyList<T> items,
        Func<T, IReadOnlyList<T>> before,
        Func<T, TimeSpan> lasts,
        Func<T, T, bool> alike,
        Func<T, CancellationToken, Task> work,
        CancellationToken cancellation
    )
        where T : notnull
    {
        var wayToTheEnd = WaysToTheEnd(items, before, lasts);
        var waiting = items.ToList();
        var pending = items.ToHashSet();
        var running = new List<(Task Task, T Item)>();
        var failures = new List<Exception>();
        while (waiting.Count > 0 || running.Count > 0)
        {
            while (
                (failures.Count == 0 || afterFailure == AfterFailure.GoOn)
                && !cancellation.IsCancellationRequested
                && running.Count < jobs
                && waiting
                    .Where(item => !before(item).Any(pending.Contains))
                    .OrderBy(item => running.Any(each => alike(each.Item, item)))
                    .ThenByDescending(item => wayToTheEnd[item])
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
            await Task.WhenAny(running.Select(each => each.Task));
            var (done, item) = running.Find(each => each.Task.IsCompleted);
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

    static Dictionary<T, TimeSpan> WaysToTheEnd<T>(IReadOnlyList<T> items, Func<T, IReadOnlyList<T>> before, Func<T, TimeSpan> lasts)
        where T : notnull
    {
        var ways = items.ToDictionary(item => item, lasts);
        foreach (var item in items.Reverse())
        {
            foreach (var earlier in before(item).Where(ways.ContainsKey))
            {
                ways[earlier] = TimeSpan.FromTicks(Math.Max(ways[earlier].Ticks, lasts(earlier).Ticks + ways[item].Ticks));
            }
        }
        return ways;
    }

    void Throw<T>(List<Exception> failures, List<T> waiting)
    {
        if (failures.Count == 0)
        {
            return;
        }
        // What is nobody's mistake, a fault or the end of the run, is told as it is.
        if (
            (
                failures.Find(failure => failure is not PipelineException)
                ?? (failures.Count == 1 && (waiting.Count == 0 || afterFailure == AfterFailure.Stop) ? failures[0] : null)
            ) is
            { } single
        )
        {
            ExceptionDispatchInfo.Throw(single);
        }
        var left =
            waiting.Count > 0 && afterFailure == AfterFailure.GoOn
                ? $"\nNot built, because they need what failed: {string.Join(", ", waiting)}."
                : "";
        throw new PipelineException(
            string.Join("\n\n", failures.Select(failure => failure.Message)) + left,
            new AggregateException(failures)
        );
    }
}
