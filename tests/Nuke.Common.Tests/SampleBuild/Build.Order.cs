using Nuke.Common;
using Serilog;

namespace Debyard.Tests.SampleBuild;

/// <summary>Order, triggers, conditions.</summary>
sealed partial class Build
{
    Target First => _ => _.Executes(() => Log.Information("first"));
    Target Second => _ => _.Executes(() => Log.Information("second"));
    Target Third => _ => _.Executes(() => Log.Information("third"));
    Target Later => _ => _.After(First).Executes(() => Log.Information("later"));
    Target Earlier => _ => _.Before(First).Executes(() => Log.Information("earlier"));

    Target Upload => _ => _.Triggers(Notify).Executes(() => Log.Information("uploading"));
    Target Notify => _ => _.Executes(() => Log.Information("notifying"));
    Target Audit => _ => _.TriggeredBy(Notify).Executes(() => Log.Information("auditing"));
    Target Needed => _ => _.DependentFor(Upload).Unlisted().Executes(() => Log.Information("needed"));

    [Parameter]
    readonly bool Allowed;

    Target OnlyStatic => _ => _.DependsOn(Restore).OnlyWhenStatic(() => Allowed).Executes(() => Log.Information("allowed"));
    Target OnlyDynamic =>
        _ => _.DependsOn(Restore).OnlyWhenDynamic(() => (Allowed || ring) && !ring).Executes(() => Log.Information("allowed"));
    Target OnlyThis =>
        _ =>
            _.DependsOn(Restore)
                .OnlyWhenStatic(() => Allowed)
                .WhenSkipped(DependencyBehavior.Execute)
                .Executes(() => Log.Information("allowed"));

    Target CyclicA => _ => _.DependsOn(ring ? CyclicB : Restore);
    Target CyclicB => _ => _.DependsOn(ring ? CyclicA : Restore);

    readonly bool ring = Environment.GetEnvironmentVariable("SAMPLE_CYCLE") == "1";
}
