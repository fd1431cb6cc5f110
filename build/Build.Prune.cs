using Debyard.Pipeline.Steps;
using Nuke.Common;
using Nuke.Common.Utilities.Collections;

partial class Build
{
    [Parameter("Prune: retires and restores the branches instead of only telling which, and why")]
    readonly bool Apply;

    Target Prune =>
        _ =>
            _.Description("Compares the repository server's branches with GitLab's and tells what is gone; --apply retires it")
                .Executes(() =>
                    Guarded(async () =>
                    {
                        var answer = await PruneStep.RunAsync(RunOptions, Apply, Cancellation);
                        ReportSummary(_ =>
                            _.AddPair("Compared", answer.Checked)
                                .AddPair(Apply ? "Changed" : "Would change", answer.Branches.Count(branch => branch.Action != "keep"))
                        );
                    })
                );
}
