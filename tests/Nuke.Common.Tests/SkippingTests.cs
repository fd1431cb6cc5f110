namespace Debyard.Nuke.Tests;

public sealed class SkippingTests : IDisposable
{
    readonly BuildProcess build = new();

    public void Dispose() => build.Dispose();

    [Fact]
    public void Skip_alone_skips_all_that_is_not_named() =>
        Assert.Equal(
            [
                "Restore Skipped // Skipped: via parameter",
                "Compile Skipped // Skipped: via parameter",
                "Pack Succeeded // Packages: 2, Size: 1 kB",
            ],
            build.Run("Pack", "--skip").Summary
        );

    [Fact]
    public void Skip_with_names_skips_those() =>
        Assert.Equal(
            ["Restore Skipped // Skipped: via parameter", "Compile Succeeded", "Pack Succeeded // Packages: 2, Size: 1 kB"],
            build.Run("Pack", "--skip", "re-store").Summary
        );

    [Fact]
    public void A_skipped_target_takes_its_dependencies_along() =>
        Assert.Equal(
            [
                "Restore Skipped // Skipped: because of Compile",
                "Compile Skipped // Skipped: via parameter",
                "Pack Succeeded // Packages: 2, Size: 1 kB",
            ],
            build.Run("Pack", "--skip", "Compile").Summary
        );

    [Fact]
    public void A_static_condition_skips_the_dependencies_too() =>
        Assert.Equal(
            ["Restore Skipped // Skipped: because of OnlyStatic", "OnlyStatic Skipped // OnlyWhen: Allowed"],
            build.Run("OnlyStatic").Summary
        );

    [Fact]
    public void A_static_condition_leaves_dependencies_that_are_to_run_anyway() =>
        Assert.Equal(["Restore Succeeded", "OnlyThis Skipped // OnlyWhen: Allowed"], build.Run("OnlyThis").Summary);

    [Fact]
    public void A_dynamic_condition_is_asked_after_the_dependencies_ran()
    {
        var outcome = build.Run("OnlyDynamic");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(["restoring"], outcome.Messages);
        Assert.Equal(["Restore Succeeded", "OnlyDynamic Skipped // OnlyWhen: (Allowed || ring) && !ring"], outcome.Summary);
    }

    [Fact]
    public void Conditions_that_hold_let_the_target_run() =>
        Assert.Equal(["restoring", "allowed"], build.Run("OnlyStatic", "--allowed").Messages);
}
