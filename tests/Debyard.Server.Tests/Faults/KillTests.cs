using System.Net;
using System.Net.Http.Json;
using Debyard.Tests;
using Xunit.Abstractions;

namespace Debyard.Server.Tests.Faults;

/// <summary>
/// The server killed, or its disk failing, at each system call that changes a file. Before any other call the disk is as it is
/// before the next of these, so they are all there is to try. One thread works, so that the calls can be counted.
/// </summary>
/// <remarks>As many calls of each operation as <c>DEBYARD_FAULTS</c> says, evenly spread; <c>all</c> for each of them.</remarks>
[Collection(nameof(OneAtATime))]
public sealed class KillTests(ITestOutputHelper output)
{
    // Not utimensat: how often a file's time is set depends on the clock, so that a count of it says nothing about the next run.
    const string Changing = "pwrite64,pwritev,ftruncate,fallocate,rename,renameat,renameat2,link,linkat,unlink,unlinkat,rmdir,mkdir,mkdirat,"
        + "symlink,symlinkat,chmod,fchmod,fchmodat,fsync,fdatasync,syncfs,copy_file_range";

    static readonly int most = Environment.GetEnvironmentVariable("DEBYARD_FAULTS") switch
    {
        null or "" => 10,
        "all" => int.MaxValue,
        var number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture),
    };

    public static TheoryData<string> Operations => [.. operations.Keys];

    static readonly Dictionary<string, Operation> operations = new()
    {
        ["add"] = new("main", ["one", "two", "new"], async http => [await PutAsync(http, "main", "new")]),
        ["birth"] = new("feature-x", ["one", "two", "new"], async http => [await PutAsync(http, "feature-x", "new")]),
        ["link"] = new("other", ["one", "other", "two"], async http => [await ProbeAsync(http, "other", "two")]),
        ["replace"] = new("other", ["one", "other"], async http => [await PutAsync(http, "other", "one", content: "its own")]),
        ["later"] = new("main", ["new", "newer", "one", "two"], async http =>
        [
            await PutAsync(http, "main", "new", "?publish=later"),
            await PutAsync(http, "main", "newer", "?publish=later"),
            await PublishAsync(http, "main"),
        ]),
    };

    [Theory, MemberData(nameof(Operations))]
    public async Task Killed_at_a_change_of_a_file_it_loses_nothing_and_keeps_nothing_half(string name)
    {
        var operation = operations[name];
        using var template = await TemplateAsync();
        var calls = await CallsAsync(template, operation);
        var outcomes = new List<string>();
        foreach (var call in Sample(calls))
        {
            using var root = await CopyAsync(template);
            using var process = await ServerProcess.StartAsync(root.Path, workers: 1);
            await process.Http.GetStringAsync("other.sources");
            await process.Http.GetStringAsync("main.sources");
            using var strace = await process.TraceAsync("-o", "/dev/null", "-e", $"trace={Changing}", "-e", $"inject={call.Name}:signal=KILL:when={call.Ordinal}");
            var answered = 0;
            try
            {
                answered = (await operation.RunAsync(process.Http)).Count(code => code is HttpStatusCode.OK or HttpStatusCode.Created);
            }
            catch (HttpRequestException)
            {
                // Killed before it answered.
            }
            Assert.True(await process.EndsAsync(TimeSpan.FromSeconds(30)), $"{name}: the server lives on after {call}.");
            outcomes.Add($"{call.Name} {call.Ordinal}: {answered}");

            await AssertWholeAsync(root, operation, answered, $"{name}, killed at {call}");
        }
        output.WriteLine($"{name}: {calls.Count} calls; killed at each of these, having answered so many requests: {string.Join(", ", outcomes)}");
    }

    [Theory, MemberData(nameof(Operations))]
    public async Task A_change_of_a_file_that_fails_is_told_and_can_be_repeated(string name)
    {
        var operation = operations[name];
        using var template = await TemplateAsync();
        var calls = await CallsAsync(template, operation);
        foreach (var call in Sample(calls))
        {
            using var root = await CopyAsync(template);
            using (var process = await ServerProcess.StartAsync(root.Path, workers: 1))
            {
                await process.Http.GetStringAsync("other.sources");
                await process.Http.GetStringAsync("main.sources");
                using (var strace = await process.TraceAsync("-o", "/dev/null", "-e", $"trace={Changing}", "-e", $"inject={call.Name}:error=EIO:when={call.Ordinal}"))
                {
                    var codes = await operation.RunAsync(process.Http);
                    Assert.All(codes, code => Assert.True(code is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.InternalServerError, $"{name}, {call}: {code}"));
                    await strace.DetachAsync();
                }
                // The same process goes on.
                await process.Http.AssertSoundAsync();
                Assert.All(await operation.RunAsync(process.Http), code => Assert.True(code is HttpStatusCode.OK or HttpStatusCode.Created, $"{name}, {call}, again: {code}"));
                Assert.Equal(operation.Lists, await ListedAsync(process.Http, operation.Branch));
                await process.Http.AssertSoundAsync();
                await process.KillAsync();
            }
            await AssertWholeAsync(root, operation, int.MaxValue, $"{name}, failed at {call}");
        }
    }

    /// <summary>What a start finds: all that was answered, of the rest all or nothing, and that the request can be made again.</summary>
    static async Task AssertWholeAsync(TemporaryFolder root, Operation operation, int answered, string when)
    {
        await using var server = await RepositoryServer.StartAsync(new() { Root = root.Path }, default);
        using var http = new HttpClient { BaseAddress = server.Url };
        foreach (var folder in new[] { "temporary", "births" })
            Assert.True(!Directory.EnumerateFileSystemEntries(root[$".debyard/{folder}"]).Any(), $"{when}: {folder} is not empty");
        await http.AssertSoundAsync();
        var listed = await ListedAsync(http, operation.Branch);
        if (answered >= operation.Requests)
            Assert.Equal(operation.Lists, listed);
        else
            Assert.True(listed.SequenceEqual(operation.Lists) || listed.SequenceEqual(operation.Before), $"{when}: the branch lists {string.Join(", ", listed)}");

        Assert.All(await operation.RunAsync(http), code => Assert.True(code is HttpStatusCode.OK or HttpStatusCode.Created, $"{when}: {code}"));
        Assert.Equal(operation.Lists, await ListedAsync(http, operation.Branch));
        await http.AssertSoundAsync();
        Assert.DoesNotContain(Directory.EnumerateFiles(root.Path, "*.deb", SearchOption.AllDirectories), path => path.Contains("/.pending/", StringComparison.Ordinal));
    }

    static async Task<List<Call>> CallsAsync(TemporaryFolder template, Operation operation)
    {
        using var root = await CopyAsync(template);
        using var log = new TemporaryFolder();
        using var process = await ServerProcess.StartAsync(root.Path, workers: 1);
        await process.Http.GetStringAsync("other.sources");
        await process.Http.GetStringAsync("main.sources");
        using var strace = await process.TraceAsync("-o", log["calls"], "-e", $"trace={Changing}");
        Assert.All(await operation.RunAsync(process.Http), code => Assert.True(code is HttpStatusCode.OK or HttpStatusCode.Created));
        await strace.DetachAsync();
        // strace counts the calls of each name apart.
        var ordinals = new Dictionary<string, int>();
        return [.. File.ReadAllLines(log["calls"]).Where(line => line.Contains('(') && !line.Contains("---", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].Split('(')[0])
            .Select(name => new Call(name, ordinals[name] = ordinals.GetValueOrDefault(name) + 1))];
    }

    static IEnumerable<Call> Sample(List<Call> calls) =>
        calls.Count <= most ? calls : Enumerable.Range(0, most).Select(index => calls[(int)((long)index * (calls.Count - 1) / (most - 1))]);

    /// <summary>The so-manyth of the calls of that name.</summary>
    sealed record Call(string Name, int Ordinal);

    static async Task<TemporaryFolder> TemplateAsync()
    {
        var folder = new TemporaryFolder();
        await using var server = await RepositoryServer.StartAsync(new() { Root = folder.Path }, default);
        using var http = new HttpClient { BaseAddress = server.Url };
        await PutAsync(http, "main", "one");
        await PutAsync(http, "other", "other");
        await PutAsync(http, "main", "two");
        return folder;
    }

    // Hard links stay what they are.
    static async Task<TemporaryFolder> CopyAsync(TemporaryFolder template)
    {
        var copy = new TemporaryFolder();
        using var cp = System.Diagnostics.Process.Start("cp", ["-a", $"{template.Path}/.", copy.Path]);
        await cp.WaitForExitAsync();
        return copy;
    }

    static async Task<HttpStatusCode> PutAsync(HttpClient http, string branch, string name, string query = "", string content = "hello")
    {
        var package = await SamplePackage.MakeAsync(name, content: content);
        using var response = await http.PutAsync($"{branch}/{package.FileName}{query}", new ByteArrayContent(package.Bytes));
        return response.StatusCode;
    }

    static async Task<HttpStatusCode> ProbeAsync(HttpClient http, string branch, string name)
    {
        var package = await SamplePackage.MakeAsync(name);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{branch}/{package.FileName}");
        request.Headers.Add("X-Sha256", package.Digests.Sha256);
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }

    static async Task<HttpStatusCode> PublishAsync(HttpClient http, string branch)
    {
        using var response = await http.PostAsJsonAsync($"{branch}/", new { files = Array.Empty<object>() });
        return response.StatusCode;
    }

    static async Task<string[]> ListedAsync(HttpClient http, string branch)
    {
        using var response = await http.GetAsync($"{branch}/dists/stable/main/binary-amd64/Packages.gz");
        if (response.StatusCode == HttpStatusCode.NotFound)
            return [];
        using var reader = new StreamReader(Debian.GZip.Decompress(await response.Content.ReadAsStreamAsync()));
        return [.. Debian.Stanza.ParseAll(reader).Select(stanza => stanza["Package"]!).Order(StringComparer.Ordinal)];
    }

    /// <param name="Branch">The one that is written.</param>
    /// <param name="Lists">What it lists afterwards.</param>
    /// <param name="RunAsync">The requests, one after another; answers what each was answered.</param>
    sealed record Operation(string Branch, string[] Lists, Func<HttpClient, Task<HttpStatusCode[]>> RunAsync)
    {
        public string[] Lists { get; } = [.. Lists.Order(StringComparer.Ordinal)];

        public int Requests => Branch == "main" && Lists.Length > 3 ? 3 : 1;

        public string[] Before => Branch switch
        {
            "main" => ["one", "two"],
            "other" => ["one", "other"],
            _ => [],
        };
    }
}

[CollectionDefinition(nameof(OneAtATime), DisableParallelization = true)]
public sealed class OneAtATime;
