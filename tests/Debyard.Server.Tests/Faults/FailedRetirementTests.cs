using System.Net;

namespace Debyard.Server.Tests.Faults;

[Collection(nameof(OneAtATime))]
public sealed class FailedRetirementTests
{
    // It flushes the folder the branch leaves, the one it moves to, and the journal.
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task A_retirement_whose_flush_fails_is_taken_back_and_the_journal_does_not_tell_of_it(int flush)
    {
        using var root = await Operation.RootAsync();
        using var process = await ServerProcess.StartAsync(root.Path, workers: 1);
        var inRelease = await process.Http.GetStringAsync("other/dists/stable/InRelease");
        var journal = await process.Http.GetStringAsync("api/journal");

        using (var strace = await process.TraceAsync("-o", "/dev/null", "-e", "trace=fsync", "-e", $"inject=fsync:error=EIO:when={flush}"))
        {
            using var failed = await process.Http.DeleteAsync("api/branches/other");
            Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
            await strace.DetachAsync();
        }

        Assert.Equal(journal, await process.Http.GetStringAsync("api/journal"));
        Assert.Equal(inRelease, await process.Http.GetStringAsync("other/dists/stable/InRelease"));
        await process.Http.AssertSoundAsync();
        using var retired = await process.Http.DeleteAsync("api/branches/other");
        Assert.Equal(HttpStatusCode.OK, retired.StatusCode);
        Assert.NotEqual(journal, await process.Http.GetStringAsync("api/journal"));
    }
}
