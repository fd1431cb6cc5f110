namespace Debyard.Acceptance.Tiny;

/// <summary>What one runner built, another need not: the server knows it by its fingerprint.</summary>
[Collection("A published product")]
public sealed class ReuseTests(PublishedProduct published)
{
    [Fact]
    public async Task A_runner_with_nothing_and_no_engine_publishes_all_by_link()
    {
        using var product = await published.Product.CopyAsync();
        await using var server = await RunningServer.StartAsync(product);
        (await product.RunAsync("Pipeline", "--repository-url", server.Url, "--branch", "main")).Succeeds("Build succeeded");

        using var runner = await RunnerAsync();
        var outcome = await runner.RunAsync("Pipeline", "--repository-url", server.Url, "--branch", "feature/x");

        outcome.Succeeds(
            $"{runner.Library}/amd64 cached on the server, built for main",
            $"{runner.Name}/all cached on the server, built for main",
            $"{runner.LibraryFile} linked",
            " for main, unchanged since",
            "2 reused, 0 built"
        );
        Assert.DoesNotContain("is being built", outcome.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(runner["output"], "*.deb", SearchOption.AllDirectories));
        Assert.Equal(AptIndex.Read(product.Path, "root", "main", "amd64"), AptIndex.Read(product.Path, "root", "feature-x", "amd64"));
    }

    [Fact]
    public async Task What_a_branch_that_may_not_vouch_built_is_built_again()
    {
        using var product = await published.Product.CopyAsync();
        await using var server = await RunningServer.StartAsync(product);
        (await product.RunAsync("Pipeline", "--repository-url", server.Url, "--branch", "feature/x")).Succeeds("Build succeeded");

        using var runner = await RunnerAsync();
        var outcome = await runner.RunAsync("Pipeline", "--repository-url", server.Url, "--branch", "main");

        outcome.Refuses("No Docker engine answers");
        Assert.DoesNotContain("cached on the server", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_costs_a_warning_and_a_build()
    {
        using var runner = await RunnerAsync();

        var outcome = await runner.RunAsync("Dependencies", "--repository-url", "http://127.0.0.1:1");

        outcome.Refuses("Cannot query the server's build cache, continuing without it: ", "No Docker engine answers");
    }

    /// <summary>The product as a fresh checkout on a machine without an engine.</summary>
    async Task<TinyProduct> RunnerAsync()
    {
        var runner = await published.Product.CopyAsync();
        Directory.Delete(runner["output"], recursive: true);
        Directory.CreateDirectory(runner["output"]);
        runner.Environment["DOCKER_HOST"] = $"unix://{runner.Path}/no-engine.sock";
        return runner;
    }
}
