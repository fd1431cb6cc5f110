namespace Debyard.Acceptance.Tiny;

/// <summary>Several runs at the same time.</summary>
[Collection("A published product")]
public sealed class RaceTests(PublishedProduct published)
{
    [Fact]
    public async Task Two_runs_publish_two_branches_of_one_server_at_once()
    {
        using var host = new Workspace();
        await using var server = await RunningServer.StartAsync(host);
        using var one = await published.Product.CopyAsync();
        using var two = await published.Product.CopyAsync();
        foreach (var product in new[] { one, two })
        {
            Directory.Delete(product["output/validation"], recursive: true);
        }

        var outcomes = await Task.WhenAll(
            one.RunAsync("Pipeline", "--repository-url", server.Url, "--branch", "feature/one"),
            two.RunAsync("Pipeline", "--repository-url", server.Url, "--branch", "feature/two")
        );

        Assert.False(server.HasExited, $"The server ended:\n{server.Output}");
        foreach (var outcome in outcomes)
        {
            outcome.Succeeds("Build succeeded", "plain: GET /health as expected");
        }
        await one.LeavesNothingAsync(outcomes[0]);
        await two.LeavesNothingAsync(outcomes[1]);
        (await server.StopAsync()).Succeeds();
        foreach (var branch in new[] { "feature-one", "feature-two" })
        {
            var packages = AptIndex.Read(host.Path, "root", branch, "amd64");
            Assert.Contains($"Package: {one.Name}\n", packages, StringComparison.Ordinal);
            Assert.Contains($"Package: {one.Library}\n", packages, StringComparison.Ordinal);
        }
    }
}
