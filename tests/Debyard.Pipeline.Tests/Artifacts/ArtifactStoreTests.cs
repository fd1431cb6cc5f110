using Debyard.Debian.Digests;
using Debyard.Pipeline.Artifacts;

namespace Debyard.Pipeline.Tests.Artifacts;

public sealed class ArtifactStoreTests : IDisposable
{
    readonly Workspace workspace = new();

    ArtifactStore Store => new(Path.Combine(workspace.Path, "output"));

    [Fact]
    public async Task What_was_kept_is_found_by_exactly_its_fingerprint()
    {
        var kept = await Keep("content");

        Assert.Equal(kept.Artifacts, Store.Find(workspace.Image("player-zip/amd64"))!.Artifacts);
        Assert.Null(Store.Find(workspace.Image("player-zip/arm64")));

        workspace.Write("zip/source/zip.c", "other");
        Assert.Null(Store.Find(workspace.Image("player-zip/amd64")));
        Assert.Equal(kept.Fingerprint, Store.Latest(workspace.Image("player-zip/amd64"))!.Fingerprint);
    }

    [Fact]
    public async Task A_set_with_a_missing_or_shortened_file_counts_as_none()
    {
        var record = await Keep("content");
        var image = workspace.Image("player-zip/amd64");

        File.WriteAllText(Store.PathOf(image, record.Artifacts[0]), "cont");
        Assert.Null(Store.Find(image));

        File.Delete(Store.PathOf(image, record.Artifacts[0]));
        Assert.Null(Store.Find(image));
    }

    [Fact]
    public async Task A_set_that_was_not_completed_leaves_nothing()
    {
        await Assert.ThrowsAsync<PipelineException>(() =>
            Store.KeepAsync(
                workspace.Image("player-zip/amd64"),
                folder =>
                {
                    File.WriteAllText(Path.Combine(folder, "half.deb"), "");
                    throw new PipelineException("stop");
                }
            )
        );

        Assert.Null(Store.Find(workspace.Image("player-zip/amd64")));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(workspace.Path, "output"), "*", SearchOption.AllDirectories));
    }

    Task<BuildRecord> Keep(string content) =>
        Store.KeepAsync(
            workspace.Image("player-zip/amd64"),
            async folder =>
            {
                var path = Path.Combine(folder, "player-zip_1.3-1_amd64.deb");
                await File.WriteAllTextAsync(path, content);
                await using var file = File.OpenRead(path);
                return [new Artifact("player-zip_1.3-1_amd64.deb", await FileDigests.ComputeAsync(file))];
            }
        );

    public void Dispose() => workspace.Dispose();
}
