using Debyard.Pipeline.Builds;

namespace Debyard.Pipeline.Tests.Builds;

public class SchedulerTests
{
    static readonly Dictionary<string, string[]> Dependencies = new()
    {
        ["a"] = [],
        ["b"] = ["a"],
        ["c"] = ["a"],
        ["d"] = ["b", "c"],
    };

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Everything_runs_once_after_what_it_depends_on(int jobs)
    {
        var done = new List<string>();

        await Run(
            jobs,
            item =>
            {
                lock (done)
                {
                    Assert.All(Dependencies[item], earlier => Assert.Contains(earlier, done));
                    done.Add(item);
                }
                return Task.CompletedTask;
            }
        );

        Assert.Equal(["a", "b", "c", "d"], done.Order());
    }

    [Fact]
    public async Task What_does_not_depend_on_one_another_runs_at_the_same_time()
    {
        using var together = new Barrier(2);

        await Run(2, item => Task.Run(() => Assert.True(item is "a" or "d" || together.SignalAndWait(TimeSpan.FromSeconds(30)))));
    }

    [Fact]
    public async Task No_more_than_the_given_number_runs_at_a_time()
    {
        var (running, most) = (0, 0);

        await new Scheduler(3).RunAsync(
            [.. Enumerable.Range(0, 20)],
            _ => [],
            _ => TimeSpan.Zero,
            NothingShared,
            async (_, _) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                await Task.Yield();
                Interlocked.Decrement(ref running);
            },
            CancellationToken.None
        );

        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task The_first_failure_starts_nothing_more_but_lets_the_running_finish()
    {
        var done = new List<string>();
        var bFailed = new TaskCompletionSource();

        var failure = await Assert.ThrowsAsync<PipelineException>(() =>
            Run(
                2,
                async item =>
                {
                    if (item == "b")
                    {
                        bFailed.SetResult();
                        throw new PipelineException("b failed");
                    }
                    if (item == "c")
                    {
                        await bFailed.Task;
                    }
                    done.Add(item);
                }
            )
        );

        Assert.Equal("b failed", failure.Message);
        Assert.Equal(["a", "c"], done);
    }

    [Fact]
    public async Task Keep_going_leaves_out_only_what_depends_on_the_failed_and_reports_all_failures()
    {
        var done = new List<string>();
        Dictionary<string, string[]> dependencies = new()
        {
            ["a"] = [],
            ["b"] = ["a"],
            ["c"] = ["b"],
            ["x"] = [],
            ["y"] = ["x"],
            ["z"] = [],
        };

        var failure = await Assert.ThrowsAsync<PipelineException>(() =>
            new Scheduler(1, AfterFailure.KeepGoing).RunAsync(
                [.. dependencies.Keys],
                item => dependencies[item],
                _ => TimeSpan.Zero,
                NothingShared,
                (item, _) =>
                {
                    done.Add(item);
                    return item is "a" or "y" ? Task.FromException(new PipelineException($"{item} failed")) : Task.CompletedTask;
                },
                CancellationToken.None
            )
        );

        Assert.Equal(["a", "x", "y", "z"], done.Order());
        Assert.Equal("a failed\n\ny failed\nNot built, because they need a failed image: b, c.", failure.Message);
    }

    [Fact]
    public async Task The_longest_critical_path_starts_first()
    {
        // x is short, but the long y depends on it.
        var minutes = new Dictionary<string, int>
        {
            ["a"] = 3,
            ["b"] = 2,
            ["x"] = 1,
            ["y"] = 9,
        };
        Dictionary<string, string[]> dependencies = new()
        {
            ["a"] = [],
            ["b"] = [],
            ["x"] = [],
            ["y"] = ["x"],
        };
        var started = new List<string>();

        await new Scheduler(1).RunAsync(
            [.. dependencies.Keys],
            item => dependencies[item],
            item => TimeSpan.FromMinutes(minutes[item]),
            NothingShared,
            (item, _) =>
            {
                started.Add(item);
                return Task.CompletedTask;
            },
            CancellationToken.None
        );

        Assert.Equal(["x", "y", "a", "b"], started);
    }

    [Fact]
    public async Task Items_that_share_a_prefix_do_not_start_together_while_there_is_other_work()
    {
        var started = new List<string>();
        var rest = new TaskCompletionSource();

        // Both items of a take longest; the first ends after everything has started.
        await new Scheduler(2).RunAsync(
            ["a/amd64", "a/arm64", "b/amd64"],
            _ => [],
            item => TimeSpan.FromMinutes(item[0] == 'a' ? 9 : 1),
            (first, second) => first[0] == second[0],
            async (item, _) =>
            {
                started.Add(item);
                if (started.Count == 3)
                {
                    rest.SetResult();
                }
                else if (item == "a/amd64")
                {
                    await rest.Task;
                }
            },
            CancellationToken.None
        );

        Assert.Equal(["a/amd64", "b/amd64", "a/arm64"], started);
    }

    [Fact]
    public async Task A_cancelled_run_starts_nothing_more()
    {
        using var stop = new CancellationTokenSource();
        var started = new List<int>();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new Scheduler(1, AfterFailure.KeepGoing).RunAsync(
                [1, 2, 3],
                _ => [],
                _ => TimeSpan.Zero,
                NothingShared,
                (item, _) =>
                {
                    started.Add(item);
                    stop.Cancel();
                    return Task.CompletedTask;
                },
                stop.Token
            )
        );

        Assert.Equal([1], started);
    }

    static bool NothingShared<T>(T first, T second) => false;

    static Task Run(int jobs, Func<string, Task> work) =>
        new Scheduler(jobs).RunAsync(
            [.. Dependencies.Keys],
            item => Dependencies[item],
            _ => TimeSpan.Zero,
            NothingShared,
            (item, _) => work(item),
            CancellationToken.None
        );
}
