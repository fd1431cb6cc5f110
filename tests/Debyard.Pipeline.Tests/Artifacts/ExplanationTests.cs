using Debyard.Pipeline.Artifacts;

namespace Debyard.Pipeline.Tests.Artifacts;

public sealed class ExplanationTests : IDisposable
{
    readonly Workspace workspace = new();

    ArtifactStore Store => new(Path.Combine(workspace.Path, "output"));

    [Fact]
    public void What_was_never_built_is_said_to_be_so() =>
        Assert.Equal(["player-zip/amd64 would be built: never built here"], Explain("player-zip/amd64"));

    [Fact]
    public async Task What_has_not_changed_is_said_to_be_so()
    {
        await BuildAllAsync();

        var line = Assert.Single(Explain("player-zip/amd64"));

        Assert.StartsWith("player-zip/amd64 would not be built: no input changed, 0 packages kept (", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_file_and_line_that_changed_is_named()
    {
        await BuildAllAsync();
        workspace.Write(
            "zip/Dockerfile",
            "ARG TOOLCHAIN\nFROM ${TOOLCHAIN}\nARG VERSION\nARG ARCHITECTURE\nCOPY source /source\nRUN make all\n"
        );
        workspace.Write("zip/source/zip.c", "other");
        workspace.Write("zip/source/new.c", "");
        workspace.Write("debyard.yml", Workspace.Manifest.Replace("version: 1.3-1", "version: 1.3-2", StringComparison.Ordinal));

        Assert.Equal(
            [
                "player-zip/amd64 would be built:",
                "  zip/Dockerfile:6 changed: \"RUN make\" is now \"RUN make all\"",
                "  zip/source/new.c is new",
                "  zip/source/zip.c changed",
                "  argument VERSION changed: \"1.3-1\" is now \"1.3-2\"",
            ],
            Explain("player-zip/amd64")
        );
    }

    [Fact]
    public async Task A_parent_that_changed_is_explained_below()
    {
        await BuildAllAsync();
        workspace.Write("gcc/Dockerfile", "ARG BASE\nFROM ${BASE}\nARG PACKAGES\nRUN apt-get update && apt-get install ${PACKAGES}\n");

        const string change =
            "gcc/Dockerfile:4 changed: \"RUN apt-get install ${PACKAGES}\" "
            + "is now \"RUN apt-get update && apt-get install ${PACKAGES}\"";
        Assert.Equal(
            [
                "player-codec/amd64 would be built:",
                "  player-zip/amd64 changed",
                "    gcc-amd64 changed",
                "      " + change,
                "  gcc-amd64 changed",
                "    " + change,
            ],
            Explain("player-codec/amd64")
        );
    }

    async Task BuildAllAsync()
    {
        foreach (var image in workspace.Graph().Images)
        {
            await Store.KeepAsync(image, _ => Task.FromResult<IReadOnlyList<Artifact>>([]));
        }
    }

    IEnumerable<string> Explain(string id) => new Explanation(Store).Of(workspace.Image(id));

    public void Dispose() => workspace.Dispose();
}
