using Debyard.Pipeline.Builds;

namespace Debyard.Pipeline.Tests.Builds;

public class BuildSummaryTests
{
    [Theory]
    [InlineData(1, 24)] // all of the work
    [InlineData(2, 16)] // gcc-amd64, then player-zip, then player-codec
    public void The_lower_bound_is_the_longest_way_or_all_work_shared(int jobs, int seconds)
    {
        var durations = new Dictionary<string, int>
        {
            ["gcc-amd64"] = 2,
            ["player-zip/amd64"] = 4,
            ["player-codec/amd64"] = 10,
            ["player-zip/arm64"] = 3,
            ["player-codec/arm64"] = 5,
        };
        using var workspace = new Workspace();
        var summary = new BuildSummary();
        foreach (var image in workspace.Graph().Images)
        {
            summary.Add(
                durations.TryGetValue(image.Id, out var duration)
                    ? new ImageOutcome(image, ImageOutcomeKind.Built, "new", TimeSpan.FromSeconds(duration))
                    : new ImageOutcome(image, ImageOutcomeKind.Unchanged, "0123456789ab")
            );
        }

        Assert.Equal(TimeSpan.FromSeconds(seconds), summary.LowerBound(jobs));
    }

    [Fact]
    public void Each_image_has_its_line_with_reason_duration_and_size_and_all_have_one()
    {
        using var workspace = new Workspace();
        var images = workspace.Graph().Images.ToDictionary(image => image.Id);
        var summary = new BuildSummary();
        summary.Add(new(images["bookworm"], ImageOutcomeKind.Unchanged, "0123456789ab"));
        summary.Add(new(images["player-zip/amd64"], ImageOutcomeKind.Built, "zip/Dockerfile:4 changed", TimeSpan.FromSeconds(75)));
        summary.Add(new(images["player-zip/amd64"], ImageOutcomeKind.Unchanged, "0123456789ab"));
        summary.Add(new(images["player-zip/arm64"], ImageOutcomeKind.Cached, "built for main"));
        summary.Add(
            new(images["player-codec/amd64"], ImageOutcomeKind.Failed, "player-codec/amd64 cannot be built", TimeSpan.FromSeconds(5))
        );
        summary.Add(new(images["player/all"], ImageOutcomeKind.NotBuilt, "needs player-codec/amd64"));
        summary.AddSkipped("player-zip/e2k", "no toolchain image, set LCC");
        summary.AddBuilding(TimeSpan.FromSeconds(80));

        Assert.Equal(
            [
                "bookworm            unchanged                                  0123456789ab",
                "player-zip/amd64    built         75.0 s          1,234 bytes  zip/Dockerfile:4 changed",
                "player-zip/arm64    cached                                     built for main",
                "player-codec/amd64  failed         5.0 s                       player-codec/amd64 cannot be built",
                "player/all          not built                                  needs player-codec/amd64",
                "player-zip/e2k      skipped   no toolchain image, set LCC",
                "5 images: 2 reused, 1 built in 1:20 (lower bound with 2 at a time: 1:20), 1 failed, 1 not built, 1 skipped",
            ],
            summary.Lines(2, image => image.Id == "player-zip/amd64" ? 1234 : null)
        );
    }
}
