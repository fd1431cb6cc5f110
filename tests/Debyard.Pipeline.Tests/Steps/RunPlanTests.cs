using Debyard.Pipeline.Display;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Steps;

namespace Debyard.Pipeline.Tests.Steps;

public sealed class RunPlanTests : IDisposable
{
    // A variable that no environment sets.
    const string Supplied = "DEBYARD_TEST_NO_SUCH_TOOLCHAIN";

    readonly Workspace workspace = new(
        Workspace
            .Manifest.Replace(
                "bases:",
                "  e2k: { strategy: supplied, triplet: e2k-linux-gnu, toolchain: lcc }\nbases:",
                StringComparison.Ordinal
            )
            .Replace("dependencies:", $"  lcc: {{ image: \"${{{Supplied}}}\" }}\ndependencies:", StringComparison.Ordinal)
    );

    [Fact]
    public async Task Locally_only_the_machines_architecture_is_built()
    {
        var plan = await PlanAsync(Options);

        Assert.Equal(["amd64"], Names(plan));
        Assert.Equal([Platforms.EngineArchitecture], plan.ValidatedArchitectures);
        Assert.Empty(plan.SkippedImages(ImageKind.Dependency));
    }

    [Fact]
    public async Task In_ci_all_architectures_are_built_and_those_without_a_toolchain_image_skipped()
    {
        var plan = await PlanAsync(Options with { AllArchitectures = true });

        Assert.Equal(["amd64", "arm64"], Names(plan));
        Assert.Equal(
            [("player-codec/e2k", $"no toolchain image, set {Supplied}"), ("player-zip/e2k", $"no toolchain image, set {Supplied}")],
            plan.SkippedImages(ImageKind.Dependency)
        );
        Assert.Empty(plan.SkippedImages(ImageKind.Package)); // the only package is for "all"
    }

    [Fact]
    public async Task Only_chosen_images_are_skipped()
    {
        var plan = await PlanAsync(Options with { AllArchitectures = true, Only = ["player-zip"] });

        Assert.Equal(["player-zip/e2k"], plan.SkippedImages(ImageKind.Dependency).Select(skipped => skipped.Id));
    }

    [Fact]
    public async Task Chosen_architectures_come_in_the_order_of_the_manifest()
    {
        var plan = await PlanAsync(Options with { Architectures = ["arm64", "amd64"] });

        Assert.Equal(["amd64", "arm64"], Names(plan));
    }

    [Fact]
    public async Task Without_the_engines_architecture_nothing_can_be_validated() =>
        Assert.Empty((await PlanAsync(Options with { Architectures = ["arm64"] })).ValidatedArchitectures);

    [Fact]
    public async Task A_chosen_architecture_without_its_toolchain_image_is_refused()
    {
        var failure = await Assert.ThrowsAsync<PipelineException>(() => PlanAsync(Options with { Architectures = ["e2k"] }));

        Assert.StartsWith(
            $"--architectures: e2k is built by a toolchain image that you supply: set {Supplied} to its name ",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080/")]
    public async Task The_server_is_the_configured_one_if_any(string? url, string? server) =>
        Assert.Equal(server, (await PlanAsync(Options with { RepositoryUrl = url })).Server?.ToString());

    [Fact]
    public async Task A_run_is_disposed_without_ever_connecting()
    {
        var run = await PipelineRun.CreateAsync(Options with { RepositoryUrl = "http://127.0.0.1:1" }, CancellationToken.None);

        run.Explain();
        run.Dispose();
    }

    static Task<RunPlan> PlanAsync(RunOptions options) => RunPlan.CreateAsync(options, CancellationToken.None);

    static IEnumerable<string> Names(RunPlan plan) => plan.Architectures.Select(architecture => architecture.Name.ToString());

    RunOptions Options =>
        new()
        {
            ManifestFile = workspace.ManifestFile,
            OutputFolder = Path.Combine(workspace.Path, "output"),
            StartServer = (_, _) => throw new InvalidOperationException("Nothing here needs a server."),
            Display = new PlainLines(_ => { }),
            Log = _ => { },
            Warn = _ => { },
        };

    [Theory]
    [InlineData("armhf", "--emulate armhf: the run does not build for armhf; add it to --architectures.")]
    [InlineData("e2k", "--emulate e2k: the run does not build for e2k")]
    public async Task Only_what_is_built_can_be_emulated(string architecture, string message)
    {
        var failure = await Assert.ThrowsAsync<PipelineException>(() => PlanAsync(Options with { Emulated = [architecture] }));

        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => workspace.Dispose();
}
