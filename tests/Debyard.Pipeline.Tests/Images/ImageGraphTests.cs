namespace Debyard.Pipeline.Tests.Images;

public class ImageGraphTests
{
    [Fact]
    public void Every_image_comes_after_what_it_is_built_from()
    {
        using var workspace = new Workspace();
        var images = workspace.Graph().Images;

        Assert.Equal(8, images.Count);
        Assert.All(
            images,
            image =>
                Assert.All(image.Parents.Values, parent => Assert.True(images.ToList().IndexOf(parent) < images.ToList().IndexOf(image)))
        );
    }

    [Fact]
    public void A_need_is_of_the_same_architecture()
    {
        using var workspace = new Workspace();

        Assert.Equal("player-zip/arm64", workspace.Image("player-codec/arm64").Parents["NEED_PLAYER_ZIP"].Id);
        Assert.Equal("gcc-arm64", workspace.Image("player-codec/arm64").Parents["TOOLCHAIN"].Id);
    }

    [Fact]
    public void A_package_for_all_is_built_once_with_the_engine_s_own_dependencies()
    {
        using var workspace = new Workspace();

        Assert.Equal("player-codec/amd64", workspace.Image("player/all").Parents["NEED_PLAYER_CODEC"].Id);
    }

    [Fact]
    public void Only_one_dependency_takes_what_it_needs_and_no_more()
    {
        using var workspace = new Workspace();

        Assert.Equal(
            ["bookworm", "gcc-arm64", "player-zip/arm64"],
            workspace.Graph(["arm64"], ["player-zip"]).Images.Select(image => image.Id).Order()
        );
    }

    [Fact]
    public void A_dependency_that_is_not_there_is_answered_with_the_nearest()
    {
        using var workspace = new Workspace();

        var exception = Assert.Throws<PipelineException>(() => workspace.Graph(only: ["player-zap"]));

        Assert.Equal("--only: there is no dependency or package 'player-zap'; did you mean 'player-zip'?", exception.Message);
    }

    [Fact]
    public void Only_declared_arguments_are_passed()
    {
        using var workspace = new Workspace();

        Assert.Equal(["ARCHITECTURE", "VERSION"], workspace.Image("player-zip/amd64").Arguments.Keys.Order());
    }

    [Fact]
    public void An_argument_of_the_manifest_that_the_dockerfile_lacks_is_a_mistake()
    {
        using var workspace = new Workspace(Workspace.Manifest.Replace("PACKAGES: gcc }", "PACKAGE: gcc }", StringComparison.Ordinal));

        var exception = Assert.Throws<PipelineException>(() => workspace.Graph());

        Assert.Equal(
            "gcc-amd64 is given the argument PACKAGE, but gcc/Dockerfile has no ARG PACKAGE; did you mean 'PACKAGES'?",
            exception.Message
        );
    }

    [Fact]
    public void A_need_that_is_not_built_for_the_architecture_is_named()
    {
        using var workspace = new Workspace(
            Workspace.Manifest.Replace("context: zip }", "context: zip, architectures: [amd64] }", StringComparison.Ordinal)
        );

        var exception = Assert.Throws<PipelineException>(() => workspace.Graph());

        Assert.StartsWith(
            "player-codec needs player-zip, which the manifest does not build for arm64",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_emulated_architecture_is_built_in_images_of_its_own()
    {
        using var workspace = new Workspace(Workspace.Manifest.Replace("strategy: cross", "strategy: emulated", StringComparison.Ordinal));
        var zip = workspace.Image("player-zip/arm64");

        Assert.Equal("gcc-arm64/arm64", zip.Parents["TOOLCHAIN"].Id);
        Assert.Equal("bookworm/arm64", zip.Parents["TOOLCHAIN"].Parents["BASE"].Id);
        Assert.Equal("arm64", zip.Parents["TOOLCHAIN"].Parents["BASE"].Architecture.ToString());
        Assert.Equal("bookworm", workspace.Image("player-zip/amd64").Parents["TOOLCHAIN"].Parents["BASE"].Id);
    }

    [Fact]
    public void A_supplied_toolchain_is_known_by_its_content()
    {
        var manifest = Workspace
            .Manifest.Replace("arm64: { strategy: cross", "e2k: { strategy: supplied", StringComparison.Ordinal)
            .Replace("toolchain: gcc-arm64", "toolchain: lcc", StringComparison.Ordinal)
            .Replace(
                "gcc-arm64: { context: gcc, base: bookworm, args: { PACKAGES: gcc-aarch64-linux-gnu } }",
                "lcc: { image: registry.example.org/lcc:1.29 }",
                StringComparison.Ordinal
            );
        using var workspace = new Workspace(manifest);

        var lcc = workspace.Image("player-zip/e2k").Parents["TOOLCHAIN"];

        Assert.Contains(new("supplied image", "sha256:id-of-registry.example.org/lcc:1.29"), lcc.Fingerprint.Inputs);
    }
}
