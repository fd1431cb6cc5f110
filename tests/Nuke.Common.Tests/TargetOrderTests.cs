namespace Debyard.Nuke.Tests;

public sealed class TargetOrderTests : IDisposable
{
    readonly BuildProcess build = new();

    public void Dispose() => build.Dispose();

    [Fact]
    public void Dependencies_run_first_and_once() =>
        Assert.Equal(["restoring", "compiling 3 files for sample"], build.Run("Compile", "Pack").Messages);

    [Fact]
    public void The_default_target_runs_when_none_is_named()
    {
        var outcome = build.Run();
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(["Restore Succeeded", "Compile Succeeded", "Pack Succeeded // Packages: 2, Size: 1 kB"], outcome.Summary);
    }

    [Theory]
    [InlineData("First", "Later")]
    [InlineData("Later", "First")]
    public void After_orders_targets_that_both_run(string one, string other) =>
        Assert.Equal(["first", "later"], build.Run(one, other).Messages);

    [Fact]
    public void Before_orders_targets_that_both_run() => Assert.Equal(["earlier", "first"], build.Run("First", "Earlier").Messages);

    [Fact]
    public void Order_alone_pulls_nothing_in() => Assert.Equal(["later"], build.Run("Later").Messages);

    [Theory]
    [InlineData("Second", "Third")]
    [InlineData("Third", "Second")]
    public void Of_independent_targets_the_one_declared_later_runs_first(string one, string other) =>
        Assert.Equal(["third", "second"], build.Run(one, other).Messages);

    [Fact]
    public void Triggers_add_targets_and_order_them_after() =>
        Assert.Equal(["needed", "uploading", "notifying", "auditing"], build.Run("Upload").Messages);

    [Theory]
    [InlineData("--target", "second", "third")]
    [InlineData("--target", "SECOND+Third")]
    [InlineData("-target", "sec-ond", "third")]
    public void Targets_can_be_an_option(params string[] arguments) => Assert.Equal(["third", "second"], build.Run(arguments).Messages);

    [Fact]
    public void A_target_without_actions_is_not_in_the_summary()
    {
        var outcome = build.Run("Everything");
        Assert.Equal(
            ["Restore Succeeded", "Compile Succeeded", "Pack Succeeded // Packages: 2, Size: 1 kB", "Cleanup Succeeded"],
            outcome.Summary
        );
    }

    [Fact]
    public void A_cycle_is_an_error_that_names_its_targets()
    {
        var outcome = build.With("SAMPLE_CYCLE", "1").Run("CyclicA");
        Assert.Equal(255, outcome.ExitCode);
        Assert.StartsWith("Circular dependencies between targets:", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("CyclicA", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("CyclicB", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_target_is_an_error_that_lists_the_known_ones()
    {
        var outcome = build.Run("Paint");
        Assert.Equal(255, outcome.ExitCode);
        Assert.StartsWith(
            "Target with name 'Paint' does not exist. Available targets are:\n  - AfterFail\n  - AfterProceed\n",
            outcome.Output,
            StringComparison.Ordinal
        );
    }
}
