using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Debyard.Server.Tests.Faults;
using Debyard.Testing.GitLab;
using Xunit.Abstractions;

namespace Debyard.Server.Tests.GitLab;

[Trait("Needs", "Time")]
public sealed class SpeedTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_webhook_is_answered_in_10_ms_and_the_branch_is_gone_within_a_second()
    {
        const int WarmUps = 5,
            Deletions = 50;
        string[] names = [.. Enumerable.Range(0, WarmUps + Deletions).Select(number => $"feature/{number}")];
        await using var following = await FollowingServer.StartAsync();
        var project = await following.AddProjectAsync("video/streamer", names);
        var (answers, ends) = (new List<double>(), new List<double>());
        foreach (var name in names)
        {
            var (before, _) = project.Remove(name);
            var clock = Stopwatch.StartNew();
            await project.Webhook!.SendAsync(project, name, before, after: null);
            answers.Add(clock.Elapsed.TotalMilliseconds);
            await following.ExpectAsync(name.Replace('/', '-'), exists: false);
            ends.Add(clock.Elapsed.TotalMilliseconds);
        }
        answers = [.. answers.Skip(WarmUps).Order()];
        ends = [.. ends.Skip(WarmUps).Order()];
        output.WriteLine($"answered: median {answers[Deletions / 2]:0.00} ms, slowest {answers[^1]:0.00} ms");
        output.WriteLine($"gone: median {ends[Deletions / 2]:0.0} ms, slowest {ends[^1]:0.0} ms");

        Assert.True(answers[Deletions / 2] < 10, $"median {answers[Deletions / 2]} ms");
        Assert.True(ends[^1] < 1000, $"slowest {ends[^1]} ms");
    }

    [Fact]
    public async Task Fifty_projects_with_200_branches_each_are_compared_page_by_page_in_little_memory_and_nothing_is_touched()
    {
        const int Projects = 50,
            Branches = 200;
        await using var gitLab = await SimulatedGitLab.StartAsync();
        using var root = PreparedSigningKey.NewRoot();
        for (var number = 0; number < Projects; number++)
        {
            var path = $"video/p{number}";
            string[] names = [.. Enumerable.Range(0, Branches - 1).Select(branch => $"p{number}/b{branch}")];
            gitLab.AddProject(path, names);
            foreach (var name in names)
                root.Write($"{name.Replace('/', '-')}/.branch", $"Ref: {name}\nOwners: {path}\nInherited:\n");
        }
        using var outside = new TemporaryFolder();
        var configuration = outside.Write(
            "appsettings.json",
            $$"""{"GitLab": {"Url": "{{gitLab.Url}}", "Projects": ["video/*"], "ApiToken": "{{SimulatedGitLab.Token}}"} }"""
        );
        var (inFlight, mostInFlight) = (0, 0);
        gitLab.Instead = (http, _) =>
        {
            mostInFlight = Math.Max(mostInFlight, Interlocked.Increment(ref inFlight));
            http.Response.OnCompleted(() => Task.FromResult(Interlocked.Decrement(ref inFlight)));
            return Task.FromResult(false);
        };
        var before = Files(root.Path);
        using var server = await ServerProcess.StartAsync(root.Path, configuration: configuration);
        // The first comparison is that of the start.
        await CompareAsync(server);
        gitLab.Exchanges.Clear();

        var clock = Stopwatch.StartNew();
        var answer = await CompareAsync(server);
        clock.Stop();
        var memory = PeakMemory(server.Id);
        output.WriteLine($"{clock.Elapsed.TotalSeconds:0.0} s, {gitLab.Exchanges.Count} requests, peak of the process {memory} MB");

        Assert.Equal(Projects * (Branches - 1), (int)answer["checked"]!);
        Assert.Empty(answer["branches"]!.AsArray());
        Assert.Equal(Projects * 3, gitLab.Exchanges.Count);
        Assert.Equal(1, mostInFlight);
        Assert.Equal(before, Files(root.Path));
        // 110 MB in a debug build, most of it .NET and ASP.NET.
        Assert.True(memory < 128, $"{memory} MB");
        await server.KillAsync();
    }

    static async Task<JsonNode> CompareAsync(ServerProcess server)
    {
        using var response = await server.Http.PostAsync("api/gitlab/reconcile?apply=true", null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    static string[] Files(string root) =>
        [
            .. Directory
                .EnumerateFiles(root, ".branch", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
                .Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O}")
                .Order(StringComparer.Ordinal),
        ];

    // proc(5): VmHWM is the peak of the resident set, in kB.
    static int PeakMemory(int process) =>
        int.Parse(
            File.ReadLines($"/proc/{process}/status")
                .First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
            CultureInfo.InvariantCulture
        ) / 1024;
}
