using Debyard.Pipeline.Builds;

namespace Debyard.Pipeline.Tests.Builds;

public class SchedulerTests
{
    static readonly Dictionary<string, string[]> Before = new()
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
                    Assert.All(Before[item], earlier => Assert.Contains(earlier, done));
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
            Unlike,
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
    public async Task Where_work_goes_on_only_what_needs_the_failed_is_left_out_and_all_failures_are_told()
    {
        var done = new List<string>();
        Dictionary<string, string[]> before = new()
        {
            ["a"] = [],
            ["b"] = ["a"],
            ["c"] = ["b"],
            ["x"] = [],
            ["y"] = ["x"],
            ["z"] = [],
        };

        var failure = await Assert.ThrowsAsync<PipelineException>(() =>
            new Scheduler(1, AfterFailure.GoOn).RunAsync(
                [.. before.Keys],
                item => before[item],
                _ => TimeSpan.Zero,
                Unlike,
                (item, _) =>
                {
                    done.Add(item);
                    return item is "a" or "y" ? Task.FromException(new PipelineException($"{item} failed")) : Task.CompletedTask;
                },
                CancellationToken.None
            )
        );

        Assert.Equal(["a", "x", "y", "z"], done.Order());
        Assert.Equal("a failed\n\ny failed\nNot built, because they need what failed: b, c.", failure.Message);
    }

    [Fact]
    public async Task The_longest_way_to_the_end_goes_first()
    {
        // x is short itself, but the long y waits for it.
        var minutes = new Dictionary<string, int>
        {
            ["a"] = 3,
            ["b"] = 2,
            ["x"] = 1,
            ["y"] = 9,
        };
        Dictionary<string, string[]> before = new()
        {
            ["a"] = [],
            ["b"] = [],
            ["x"] = [],
            ["y"] = ["x"],
        };
        var started = new List<string>();

        await new Scheduler(1).RunAsync(
            [.. before.Keys],
            item => before[item],
            item => TimeSpan.FromMinutes(minutes[item]),
            Unlike,
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
    public async Task What_begins_alike_is_not_begun_together_while_there_is_other_work()
    {
        var started = new List<string>();
        var rest = new TaskCompletionSource();

        // Both builds of a take longest; the first ends once everything has begun.
        await new Scheduler(2).RunAsync(
            ["a/amd64", "a/arm64", "b/amd64"],
            _ => [],
            item => TimeSpan.FromMinutes(item[0] == 'a' ? 9 : 1),
            (one, other) => one[0] == other[0],
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
            new Scheduler(1, AfterFailure.GoOn).RunAsync(
                [1, 2, 3],
                _ => [],
                _ => TimeSpan.Zero,
                Unlike,
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

    static bool Unlike<T>(T one, T other) => false;

    static Task Run(int jobs, Func<string, Task> work) =>
        new Scheduler(jobs).RunAsync(
            [.. Before.Keys],
            item => Before[item],
            _ => TimeSpan.Zero,
            Unlike,
            (item, _) => work(item),
            CancellationToken.None
        );
}
