using Debyard.Acceptance.Machine;

namespace Debyard.Acceptance.Tiny;

/// <summary>An engine that goes away in the middle: named, with the remedy, and the next run goes on from there.</summary>
[Collection("A published product")]
public sealed class EngineFailureTests(PublishedProduct published)
{
    [Fact]
    public async Task During_a_build()
    {
        using var product = await published.Product.CopyAsync();
        product.Edit("lib/Dockerfile", "RUN mkdir", "RUN echo begun $((40 + 2)) && sleep 100\nRUN mkdir");
        using var engine = new EngineConnection(System.IO.Path.Combine(product.Path, "engine.sock"));
        product.Environment["DOCKER_HOST"] = engine.Address;
        var before = product.Published;

        await using var run = product.Start("Pipeline");
        await Wait.UntilAsync(() => Log(product).Contains("begun 42", StringComparison.Ordinal), "the build to begin");
        engine.GoAway();
        var outcome = await run.EndAsync();

        outcome.Refuses(
            $"{product.Library}/amd64 cannot be built.",
            "The connection to the Docker engine was lost: start the engine and run again; finished images are kept."
        );
        Assert.Equal(before, product.Published);
        await product.LeavesNothingAsync(outcome);
        product.Edit("lib/Dockerfile", " && sleep 100", "");
        product.Environment.Remove("DOCKER_HOST");
        (await product.RunAsync("Extract")).Succeeds($"{product.Library}/amd64 built in", $"{product.LibraryFile} extracted");
    }

    [Fact]
    public async Task Between_a_build_and_the_extraction_of_its_package()
    {
        using var product = await published.Product.CopyAsync();
        product.Write("lib/content", $"{Guid.NewGuid()}\n");
        using var engine = new EngineConnection(System.IO.Path.Combine(product.Path, "engine.sock"));
        product.Environment["DOCKER_HOST"] = engine.Address;
        // The client ends well, but not before the engine is gone.
        var built = System.IO.Path.Combine(product.Path, "built");
        await DockerWrapper.InstallAsync(
            product,
            product.Library,
            $"REAL; touch {built}; while [ -e {product.Path}/engine.sock ]; do sleep 0.05; done; exit 0"
        );

        await using var run = product.Start("Extract");
        await Wait.UntilAsync(() => File.Exists(built), "the build to end");
        engine.GoAway();
        var outcome = await run.EndAsync();

        outcome.Refuses(
            $"{product.Library}/amd64 built in",
            "The connection to the Docker engine at ",
            " was lost: ",
            "Start the engine and run again; finished images are kept."
        );
        await product.LeavesNothingAsync(outcome);
        product.Environment.Clear();
        (await product.RunAsync("Extract")).Succeeds($"{product.Library}/amd64 unchanged", $"{product.LibraryFile} extracted");
    }

    static string Log(TinyProduct product) =>
        product[$"output/logs/{product.Library}-amd64.log"] is var log && File.Exists(log) ? File.ReadAllText(log) : "";
}
