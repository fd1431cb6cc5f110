using System.Collections.Concurrent;
using System.Net;
using Debyard.Tests;
using Xunit.Abstractions;

namespace Debyard.Server.Tests.Faults;

/// <summary>
/// The server killed, or its disk failing, at each system call that changes a file. Before any other call the disk is as it is
/// before the next of these, so they are all there is to try. One thread works, so that the calls can be counted.
/// </summary>
/// <remarks>As many calls of each operation as <see cref="Extent"/> says.</remarks>
[Collection(nameof(OneAtATime))]
public sealed class KillTests(ITestOutputHelper output)
{
    // Not utimensat: how often a file's time is set depends on the clock, so that a count of it says nothing about the next run.
    const string Changing =
        "pwrite64,pwritev,ftruncate,fallocate,rename,renameat,renameat2,link,linkat,unlink,unlinkat,rmdir,mkdir,mkdirat,"
        + "symlink,symlinkat,chmod,fchmod,fchmodat,fsync,fdatasync,syncfs,copy_file_range";

    // Each on a root of its own, so nothing is counted that another does.
    static readonly ParallelOptions together = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };

    public static TheoryData<string> Operations => [.. Operation.All.Keys];

    [Theory, MemberData(nameof(Operations))]
    public async Task Killed_at_a_change_of_a_file_it_loses_nothing_and_keeps_nothing_half(string name)
    {
        var operation = Operation.All[name];
        using var template = await Operation.RootAsync();
        var calls = await CallsAsync(template, operation);
        var outcomes = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(
            Sample(calls, Extent.Calls),
            together,
            async (call, _) =>
            {
                var answered = await KillAsync(template, name, call, TimeSpan.FromSeconds(30));
                Assert.True(answered is not null, $"{name}: the server lives on after {call}.");
                outcomes.Enqueue($"{call.Name} {call.Ordinal}: {answered}");
            }
        );
        output.WriteLine(
            $"{name}: {calls.Count} calls; killed at each of these, having answered so many requests: {string.Join(", ", outcomes)}"
        );
    }

    [Theory, MemberData(nameof(Operations))]
    public async Task What_clients_are_to_see_is_flushed_before_they_can(string name)
    {
        using var template = await Operation.RootAsync();
        var calls = await TraceAsync(template, Operation.All[name]);

        var shown = calls.FindIndex(line =>
            line.Contains("rename", StringComparison.Ordinal) && line.Contains("/InRelease\"", StringComparison.Ordinal)
        );

        Assert.Equal(name is "retirement" or "restoration", shown < 0);
        Assert.True(
            shown < 0 || calls.Take(shown).Any(line => line.Contains("syncfs(", StringComparison.Ordinal)),
            string.Join('\n', calls)
        );
    }

    // How often a file's time is set depends on the clock: as many as there are this time.
    [Theory, InlineData("add"), InlineData("replace"), InlineData("deletion"), InlineData("restoration of an earlier one")]
    public async Task Killed_at_a_setting_of_a_files_time_it_keeps_what_clients_may_still_ask_for(string name)
    {
        using var template = await Operation.RootAsync();
        var times = 1;
        while (await KillAsync(template, name, new Call("utimensat", times), TimeSpan.Zero) is not null)
            times++;
        Assert.True(times > 3, $"{name}: killed at {times - 1} of them only");
    }

    [Theory, MemberData(nameof(Operations))]
    public async Task A_change_of_a_file_that_fails_is_told_and_can_be_repeated(string name)
    {
        var operation = Operation.All[name];
        using var template = await Operation.RootAsync();
        var calls = await CallsAsync(template, operation);
        await Parallel.ForEachAsync(
            Sample(calls, Extent.Calls),
            together,
            async (call, _) =>
                await FailAsync(template, operation, $"{name}, failed at {call}", $"inject={call.Name}:error=EIO:when={call.Ordinal}")
        );
    }

    // Taking back what was begun fails then, too. Half as many calls: from each on all others fail as well.
    [Theory, MemberData(nameof(Operations))]
    public async Task A_disk_that_fails_from_a_change_of_a_file_on_is_told_and_serves_once_it_works_again(string name)
    {
        var operation = Operation.All[name];
        using var template = await Operation.RootAsync();
        var calls = await CallsAsync(template, operation);
        await Parallel.ForEachAsync(
            Sample(calls, Extent.Calls / 2),
            together,
            async (call, _) =>
            {
                var done = calls.TakeWhile(one => one != call).CountBy(one => one.Name).ToDictionary();
                await FailAsync(
                    template,
                    operation,
                    $"{name}, failing from {call} on",
                    [.. Changing.Split(',').Select(each => $"inject={each}:error=EROFS:when={done.GetValueOrDefault(each) + 1}+")]
                );
            }
        );
    }

    /// <param name="patience">How long it may live on once all is answered.</param>
    /// <returns>How many requests were answered before; null where it lived on.</returns>
    static async Task<int?> KillAsync(TemporaryFolder template, string name, Call call, TimeSpan patience)
    {
        var operation = Operation.All[name];
        using var root = await CopyAsync(template);
        using var process = await StartAsync(root);
        using var strace = await process.TraceAsync(
            "-o",
            "/dev/null",
            "-e",
            $"trace={call.Name}",
            "-e",
            $"inject={call.Name}:signal=KILL:when={call.Ordinal}"
        );
        var answers = new List<HttpStatusCode>();
        try
        {
            await operation.RunAsync(process.Http, answers);
        }
        catch (HttpRequestException)
        {
            // Killed before it answered.
        }
        // What it does after the last answer may be what kills it.
        if (!await process.EndsAsync(answers.Count < operation.Requests.Length ? TimeSpan.FromSeconds(30) : patience))
            return null;
        AssertDone(answers, $"{name}, killed at {call}");
        await AssertWholeAsync(root, operation, Operation.Promised(template, operation.Branch), answers.Count, $"{name}, killed at {call}");
        return answers.Count;
    }

    static async Task FailAsync(TemporaryFolder template, Operation operation, string when, params string[] injections)
    {
        using var root = await CopyAsync(template);
        using (var process = await StartAsync(root))
        {
            using (
                var strace = await process.TraceAsync([
                    "-o",
                    "/dev/null",
                    "-e",
                    $"trace={Changing}",
                    .. injections.SelectMany(injection => new[] { "-e", injection }),
                ])
            )
            {
                var answers = new List<HttpStatusCode>();
                await operation.RunAsync(process.Http, answers);
                Assert.All(
                    answers,
                    code =>
                        Assert.True(
                            code is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.InternalServerError,
                            $"{when}: {code}"
                        )
                );
                await strace.DetachAsync();
            }
            // The same process goes on.
            await process.Http.AssertSoundAsync();
            await AssertCanBeDoneAsync(process.Http, operation, $"{when}, again");
            await process.KillAsync();
        }
        await AssertWholeAsync(root, operation, Operation.Promised(template, operation.Branch), operation.Requests.Length, when);
    }

    /// <summary>
    /// Checks a restart: all acknowledged changes exist, the others exist completely or not at all, files that clients may still request
    /// exist, and the request can be repeated.
    /// </summary>
    static async Task AssertWholeAsync(TemporaryFolder root, Operation operation, string[] promised, int answered, string when)
    {
        await using var server = await RepositoryServer.StartAsync(new() { Repository = new() { Root = root.Path } }, default);
        using var http = new HttpClient { BaseAddress = server.Url };
        foreach (var folder in new[] { "temporary", "births" })
            Assert.True(!Directory.EnumerateFileSystemEntries(root[$".debyard/{folder}"]).Any(), $"{when}: {folder} is not empty");
        await http.AssertSoundAsync();
        var listed = await operation.ListedAsync(http);
        Assert.True(
            listed.SequenceEqual(operation.After) || answered < operation.Requests.Length && listed.SequenceEqual(operation.Before),
            $"{when}, having answered {answered}: the branch lists {string.Join(", ", listed)}"
        );
        if (operation.Kept.Length > 0)
        {
            AssertDone([await operation.Requests[^1](http)], when);
            Assert.Subset((await operation.ListedAsync(http)).ToHashSet(), operation.Kept.Take(answered).ToHashSet());
        }

        await AssertCanBeDoneAsync(http, operation, when);
        await server.CollectGarbageAsync();
        Assert.All(
            operation.After.Length > 0 ? promised : [],
            path => Assert.True(File.Exists(root[path]), $"{when}: a client with the index of before does not find {path}")
        );
        Assert.Equal(["gone", "gone", "main", "other"], (await Operation.BranchesAsync(http)).Where(name => name != "feature-x"));
        await server.CollectGarbageAsync();
        var files = Directory.EnumerateFiles(root.Path, "*", SearchOption.AllDirectories).ToList();
        Assert.DoesNotContain(files, path => path.Contains("/.pending/", StringComparison.Ordinal));
        // A pool file's name begins with the digest of its content.
        var linked = files
            .Where(path => path.Contains("/pool/", StringComparison.Ordinal))
            .Select(path => Path.GetFileName(path)[..12])
            .Distinct();
        var kept = Directory
            .EnumerateFiles(root[".debyard/blobs"], "*", SearchOption.AllDirectories)
            .Select(path => Path.GetFileName(path)[..12])
            .Distinct();
        Assert.Equal(linked.Order(StringComparer.Ordinal), kept.Order(StringComparer.Ordinal));
    }

    static async Task AssertCanBeDoneAsync(HttpClient http, Operation operation, string when)
    {
        var answers = new List<HttpStatusCode>();
        await operation.RunAsync(http, answers);
        AssertDone(answers, when);
        Assert.Equal(operation.After, await operation.ListedAsync(http));
        await http.AssertSoundAsync();
    }

    static void AssertDone(IEnumerable<HttpStatusCode> answers, string when) =>
        Assert.All(answers, code => Assert.True(code is HttpStatusCode.OK or HttpStatusCode.Created, $"{when}: {code}"));

    static async Task<List<Call>> CallsAsync(TemporaryFolder template, Operation operation)
    {
        // strace counts the calls of each name apart.
        var ordinals = new Dictionary<string, int>();
        return
        [
            .. (await TraceAsync(template, operation))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].Split('(')[0])
                .Select(name => new Call(name, ordinals[name] = ordinals.GetValueOrDefault(name) + 1)),
        ];
    }

    // The changing calls, as strace writes them down.
    static async Task<List<string>> TraceAsync(TemporaryFolder template, Operation operation)
    {
        using var root = await CopyAsync(template);
        using var log = new TemporaryFolder();
        using var process = await StartAsync(root);
        using var strace = await process.TraceAsync("-o", log["calls"], "-e", $"trace={Changing}");
        var answers = new List<HttpStatusCode>();
        await operation.RunAsync(process.Http, answers);
        AssertDone(answers, "counting");
        await strace.DetachAsync();
        return [.. File.ReadAllLines(log["calls"]).Where(line => line.Contains('(') && !line.Contains("---", StringComparison.Ordinal))];
    }

    static IEnumerable<Call> Sample(List<Call> calls, int most) =>
        calls.Count <= most ? calls : Enumerable.Range(0, most).Select(index => calls[(int)((long)index * (calls.Count - 1) / (most - 1))]);

    // Reads the branches before the calls are counted.
    static async Task<ServerProcess> StartAsync(TemporaryFolder root)
    {
        var process = await ServerProcess.StartAsync(root.Path, workers: 1);
        await process.Http.GetStringAsync("other.sources");
        await process.Http.GetStringAsync("main.sources");
        return process;
    }

    // Hard links stay what they are.
    static async Task<TemporaryFolder> CopyAsync(TemporaryFolder template)
    {
        var copy = new TemporaryFolder();
        using var cp = System.Diagnostics.Process.Start("cp", ["-a", $"{template.Path}/.", copy.Path]);
        await cp.WaitForExitAsync();
        Assert.Equal(0, cp.ExitCode);
        return copy;
    }

    /// <summary>The so-manyth of the calls of that name.</summary>
    sealed record Call(string Name, int Ordinal);
}

[CollectionDefinition(nameof(OneAtATime), DisableParallelization = true)]
public sealed class OneAtATime;
