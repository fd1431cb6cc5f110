using System.Net;

namespace Debyard.Server.Tests;

public sealed class ConcurrencyTests
{
    [Fact]
    public async Task Fifty_writers_into_one_branch_lose_nothing_and_list_nothing_twice()
    {
        await using var server = await RunningServer.StartAsync();
        var packages = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => SamplePackage.MakeAsync($"package{number:00}")));

        var answers = await Task.WhenAll(packages.Select(package => server.PutAsync("main", package)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        Assert.Equal(packages.Select(package => package.FileName), await server.ListedAsync("main"));
    }

    [Fact]
    public async Task One_file_written_into_many_branches_at_once_is_in_each()
    {
        await using var server = await RunningServer.StartAsync();
        var package = await SamplePackage.MakeAsync();
        var branches = Enumerable.Range(0, 20).Select(number => $"feature-{number}").ToList();

        var answers = await Task.WhenAll(branches.Select(branch => server.PutAsync(branch, package)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        foreach (var branch in branches)
            Assert.Equal([package.FileName], await server.ListedAsync(branch));
    }

    [Fact]
    public async Task Of_two_contents_under_one_name_exactly_one_wins()
    {
        await using var server = await RunningServer.StartAsync();
        var packages = await Task.WhenAll(Enumerable.Range(0, 10).Select(number => SamplePackage.MakeAsync(content: $"{number}")));

        var answers = await Task.WhenAll(packages.Select(package => server.PutAsync("main", package)));

        var winner = Assert.Single(packages.Zip(answers), pair => pair.Second.StatusCode == HttpStatusCode.Created).First;
        Assert.Equal(9, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        Assert.Equal(winner.Bytes, await server.Http.GetByteArrayAsync($"main/{winner.FileName}"));
        Assert.Single(
            server.Files(),
            file => file.StartsWith(".debyard/blobs/", StringComparison.Ordinal) && !file.EndsWith(".stanza", StringComparison.Ordinal)
        );
    }
}
