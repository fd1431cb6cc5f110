using Debyard.Debian.Digests;
using Debyard.Pipeline.Repository;

namespace Debyard.Pipeline.Tests.Repository;

/// <summary>What the client does with a server that has no time for it.</summary>
public sealed class RetryTests
{
    const string Branch = """{"branch":"main","url":"http://127.0.0.1/main/","created":false}""";

    [Fact]
    public async Task A_request_is_sent_again_whole_when_the_server_says_it_will_have_time()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("lua_1_amd64.deb", "some bytes");
        using var content = File.OpenRead(path);
        var file = new PackageFile(path, "lua_1_amd64.deb", await FileDigests.ComputeAsync(content));
        using var server = new ScriptedServer(
            new(200, Branch),
            new(429, "", "0"),
            new(200, """{"branch":"main","files":[{"name":"lua_1_amd64.deb","outcome":"missing"}]}"""),
            new(503, "", "0"),
            new(503, "", DateTimeOffset.UnixEpoch.ToString("R")),
            new(201, "{}")
        );

        using var client = await RepositoryClient.OpenAsync(server.Address, "main", default);
        var summary = await client.UploadAsync([file], _ => { }, default);

        Assert.Equal(1, summary.Sent);
        Assert.Equal(["POST", "POST", "POST", "PUT", "PUT", "PUT"], server.Requests.Select(request => request.Method));
        Assert.All(server.Requests.Where(request => request.Method == "PUT"), request => Assert.Equal("some bytes", request.Body));
    }

    [Fact]
    public async Task A_server_that_never_has_time_is_told_after_some_attempts()
    {
        using var server = new ScriptedServer([.. Enumerable.Repeat(new Answer(503, "", "0"), 5)]);

        var fault = await Assert.ThrowsAsync<PipelineException>(() => RepositoryClient.OpenAsync(server.Address, "main", default));

        Assert.Contains("503", fault.Message);
        Assert.Equal(5, server.Requests.Count);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("3600")]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT")]
    [InlineData("soon")]
    public async Task A_refusal_without_a_time_worth_waiting_for_is_told_at_once(string? retryAfter)
    {
        using var server = new ScriptedServer(new Answer(503, "", retryAfter));

        await Assert.ThrowsAsync<PipelineException>(() => RepositoryClient.OpenAsync(server.Address, "main", default));

        Assert.Single(server.Requests);
    }
}
