using Debyard.Pipeline.Builds;

namespace Debyard.Pipeline.Tests.Builds;

public class SchedulerTests
{
    static readonly Dictionary<string, string[]> Before = new() { ["a"] = [], ["b"] = ["a"], ["c"] = ["a"], ["d"] = ["b", "c"] };

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Everything_runs_once_after_what_it_depends_on(int jobs)
    {
        var done = new List<string>();

        await Run(jobs, item =>
        {
            lock (done)
            {
                Assert.All(Before[item], earlier => Assert.Contains(earlier, done));
                done.Add(item);
            }
            return Task.CompletedTask;
        });

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

        await new Scheduler(3).RunAsync([.. Enumerable.Range(0, 20)], _ => [], async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
        }, CancellationToken.None);

        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task The_first_failure_starts_nothing_more_but_lets_the_running_finish()
    {
        var done = new List<string>();
        var bFailed = new TaskCompletionSource();

        var failure = await Assert.ThrowsAsync<PipelineException>(() => Run(2, async item =>
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
        }));

        Assert.Equal("b failed", failure.Message);
        Assert.Equal(["a", "c"], done);
    }

    static Task Run(int jobs, Func<string, Task> work) =>
        new Scheduler(jobs).RunAsync([.. Before.Keys], item => Before[item], (item, _) => work(item), CancellationToken.None);
}
