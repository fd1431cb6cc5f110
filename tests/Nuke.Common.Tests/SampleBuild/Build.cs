using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using Serilog;

namespace Debyard.Tests.SampleBuild;

/// <summary>Small targets and parameters of every kind; each target logs its name.</summary>
sealed partial class Build : NukeBuild, IGreet
{
    public static int Main() => Execute<Build>(x => x.Pack);

    [Parameter("What the package is called.")]
    readonly string PackageName = "sample";

    Target Restore => _ => _.Executes(() => Log.Information("restoring"));

    Target Compile =>
        _ =>
            _.Description("Compiles what was restored")
                .DependsOn(Restore)
                .Executes(() => Log.Information("compiling {Count} files for {Name}", 3, PackageName));

    Target Pack =>
        _ =>
            _.Description("Makes the package")
                .DependsOn(Compile)
                .Produces(RootDirectory / "output" / "*.deb")
                .Executes(() => ReportSummary(x => x.AddPair("Packages", 2).AddPair("Size", "1 kB")));

    Target Everything => _ => _.DependsOn(Pack, Cleanup);

    Target Cleanup => _ => _.After(Pack).Unlisted().Executes(() => Log.Information("cleaning up"));
}
