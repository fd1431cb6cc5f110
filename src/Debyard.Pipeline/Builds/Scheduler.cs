using System.Runtime.ExceptionServices;

namespace Debyard.Pipeline.Builds;

/// <summary>
/// Runs work that depends on other work: as much at a time as <paramref name="jobs"/> allows, each item once everything before
/// it is done. The first failure starts nothing more, but lets what is running come to its end.
/// </summary>
public sealed class Scheduler(int jobs)
{
    /// <param name="items">Each after what it depends on.</param>
    /// <param name="before">What an item waits for; those that are not among the items count as done.</param>
    /// <remarks>The first failure is thrown as it came; those of what was still running then are not told.</remarks>
    public async Task RunAsync<T>(
        IReadOnlyList<T> items, Func<T, IReadOnlyList<T>> before, Func<T, CancellationToken, Task> work, CancellationToken cancellation)
        where T : notnull
    {
        var waiting = items.ToList();
        var pending = items.ToHashSet();
        var running = new List<(Task Task, T Item)>();
        ExceptionDispatchInfo? failure = null;
        while (waiting.Count > 0 || running.Count > 0)
        {
            while (failure is null && running.Count < jobs && waiting.Find(item => !before(item).Any(pending.Contains)) is { } ready && waiting.Remove(ready))
            {
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
                failure ??= ExceptionDispatchInfo.Capture(exception);
            }
        }
        failure?.Throw();
    }
}
