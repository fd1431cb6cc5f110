using System.Net;

namespace Debyard.Server.Tests.Faults;

/// <summary>Real apt, never retrying, while branches are born, retired and restored.</summary>
[Collection(nameof(OneAtATime))]
public sealed class AptDuringRetirementTests
{
    const int Rounds = 5;

    [Fact]
    public async Task Apt_gets_all_of_a_branch_or_404_of_a_branch_that_is_gone_and_never_a_mix()
    {
        await using var server = await RunningServer.StartAsync();
        await server.PutAsync("main", await SamplePackage.MakeAsync("steady"));
        await server.PutAsync("restless", await SamplePackage.MakeAsync("package0"));
        using var steady = new AptClient(await server.Http.GetStringAsync("main.sources"), "amd64");
        using var restless = new AptClient(await server.Http.GetStringAsync("restless.sources"), "amd64");
        using var done = new CancellationTokenSource();
        // Even while the branch is there, odd from before it is retired until it is restored.
        var era = 0;
        var runs = 0;

        var births = BirthsAsync(server, done.Token);
        var others = LoopAsync(() => UpdateAndDownloadAsync(steady, "steady"), done.Token);
        var client = LoopAsync(
            async () =>
            {
                var before = Volatile.Read(ref era);
                var refused = await TryAsync(restless);
                var wasThere = before % 2 == 0 && before == Volatile.Read(ref era);
                Assert.True(refused is null || !wasThere, $"The branch was there all the time: {refused}");
                Assert.True(refused is null || Is404(refused), refused);
                Interlocked.Increment(ref runs);
            },
            done.Token
        );
        var everyone = Task.WhenAny(client, others, births);
        try
        {
            for (var round = 1; round <= Rounds && !everyone.IsCompleted; round++)
            {
                Interlocked.Increment(ref era);
                await server.JsonAsync(HttpMethod.Delete, "api/branches/restless");
                await RunsAsync(1 + round % 2);
                await server.JsonAsync(HttpMethod.Post, "api/branches/restless/restore");
                Interlocked.Increment(ref era);
                await server.PutAsync("restless", await SamplePackage.MakeAsync($"package{round}"));
                // The first of them may have begun before.
                await RunsAsync(2);
            }
        }
        finally
        {
            await done.CancelAsync();
            await Task.WhenAll(client, others, births);
        }
        Assert.Equal(Rounds + 2, (await server.ListedAsync("restless")).Length);

        async Task RunsAsync(int count)
        {
            var wanted = Volatile.Read(ref runs) + count;
            while (Volatile.Read(ref runs) < wanted && !everyone.IsCompleted)
                await Task.Yield();
        }
    }

    [Fact]
    public async Task An_apt_that_updated_before_its_branch_was_retired_downloads_once_that_is_restored()
    {
        await using var server = await RunningServer.StartAsync();
        await server.PutAsync("feature-x", await SamplePackage.MakeAsync("one"));
        using var apt = new AptClient(await server.Http.GetStringAsync("feature-x.sources"), "amd64");
        await apt.RunAsync("update");

        await server.JsonAsync(HttpMethod.Delete, "api/branches/feature-x");
        Assert.True(await RefusalAsync(apt, "download", "one") is { } gone && Is404(gone));
        await server.JsonAsync(HttpMethod.Post, "api/branches/feature-x/restore");
        await server.PutAsync("feature-x", await SamplePackage.MakeAsync("two"));
        await apt.RunAsync("download", "one");
        await UpdateAndDownloadAsync(apt, "two");
    }

    /// <returns>What apt says to a branch that is not there; null where it is.</returns>
    static async Task<string?> TryAsync(AptClient apt) =>
        await RefusalAsync(apt, "update") ?? await RefusalAsync(apt, "download", "package0");

    static async Task<string?> RefusalAsync(AptClient apt, params string[] arguments) =>
        await apt.TryAsync(arguments) is { IsDone: false } refusal ? refusal.Said : null;

    static bool Is404(string said) =>
        said.Contains("404  Not Found", StringComparison.Ordinal)
        && !new[] { "mismatch", "unexpected size", "sync in progress", "BADSIG", "NOSPLIT" }.Any(word =>
            said.Contains(word, StringComparison.OrdinalIgnoreCase)
        );

    static async Task UpdateAndDownloadAsync(AptClient apt, string package)
    {
        await apt.RunAsync("update");
        await apt.RunAsync("download", package);
    }

    // Each is there for apt as soon as it is answered.
    static Task BirthsAsync(RunningServer server, CancellationToken done)
    {
        var number = 0;
        return LoopAsync(
            async () =>
            {
                var branch = $"feature-{number++}";
                Assert.Equal(
                    HttpStatusCode.Created,
                    (await server.PutAsync(branch, await SamplePackage.MakeAsync("born", content: branch))).StatusCode
                );
                using var apt = new AptClient(await server.Http.GetStringAsync($"{branch}.sources", CancellationToken.None), "amd64");
                await apt.RunAsync("update");
                await apt.RunAsync("download", "born", "steady");
            },
            done
        );
    }

    static Task LoopAsync(Func<Task> act, CancellationToken done) =>
        Task.Run(
            async () =>
            {
                while (!done.IsCancellationRequested)
                    await act();
            },
            CancellationToken.None
        );
}
