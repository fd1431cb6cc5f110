using Debyard.Pipeline.Builds;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Tests.Builds;

public sealed class BuildDurationsTests : IDisposable
{
    readonly Workspace workspace = new();

    string File => Path.Combine(workspace.Path, "output/durations.json");

    [Fact]
    public async Task Two_runs_at_once_keep_each_other_s_durations()
    {
        var (zip, codec) = (workspace.Image("player-zip/amd64"), workspace.Image("player-codec/amd64"));
        var (one, two) = (new BuildDurations(File), new BuildDurations(File));

        // Both have read the file before either of them writes it.
        using var start = new Barrier(2);
        await Task.WhenAll(
            Task.Run(() => Remember(one, zip, TimeSpan.FromSeconds(7))),
            Task.Run(() => Remember(two, codec, TimeSpan.FromSeconds(9)))
        );

        var next = new BuildDurations(File);
        Assert.Equal(TimeSpan.FromSeconds(7), next.EstimateFor(zip));
        Assert.Equal(TimeSpan.FromSeconds(9), next.EstimateFor(codec));

        void Remember(BuildDurations run, Image image, TimeSpan duration)
        {
            run.EstimateFor(image);
            start.SignalAndWait();
            run.Remember(image, duration);
        }
    }

    [Fact]
    public void Many_runs_at_once_lose_nothing()
    {
        var images = workspace.Graph().Images;

        Parallel.ForEach(
            images,
            new ParallelOptions { MaxDegreeOfParallelism = images.Count },
            image => new BuildDurations(File).Remember(image, TimeSpan.FromSeconds(image.Id.Length))
        );

        var next = new BuildDurations(File);
        Assert.All(images, image => Assert.Equal(TimeSpan.FromSeconds(image.Id.Length), next.EstimateFor(image)));
    }

    [Fact]
    public void Half_of_a_file_counts_as_none()
    {
        workspace.Write("output/durations.json", "{ \"player-zip/amd64\": ");

        Assert.Equal(TimeSpan.FromSeconds(1), new BuildDurations(File).EstimateFor(workspace.Image("player-zip/amd64")));
    }

    public void Dispose() => workspace.Dispose();
}
