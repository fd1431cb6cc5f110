using System.ComponentModel.DataAnnotations;
using System.Xml.Linq;
using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Tooling;
using Nuke.Common.Utilities.Collections;
using Serilog;

partial class Build
{
    AbsolutePath TestResultsDirectory => OutputDirectory / "tests";

    Target Format =>
        _ =>
            _.Description("Fails if a file is not formatted; `dotnet csharpier format .` formats the tree")
                .Executes(() =>
                {
                    DotNet("tool restore");
                    DotNet("csharpier check .");
                });

    Target Test =>
        _ =>
            _.Description("Runs all tests of the project; the acceptance tests need a Docker engine")
                .DependsOn(Format)
                .Produces(TestResultsDirectory / "*.trx")
                .Executes(() => RunTests("Debyard.slnx"));

    Target TestFast =>
        _ =>
            _.Description("Runs the tests that need neither a Docker engine nor root, without the slow ones")
                .Produces(TestResultsDirectory / "*.trx")
                .Executes(() =>
                {
                    DotNet("build Debyard.slnx --nologo --verbosity quiet");
                    // A test that needs an engine and does not say so fails here, also where an engine runs.
                    Environment.SetEnvironmentVariable("DOCKER_HOST", "unix:///nowhere.sock");
                    var assemblies = (RootDirectory / "tests")
                        .GlobFiles("*/*.Tests.csproj")
                        .Select(project => project.NameWithoutExtension)
                        .Select(name => $"\"{OutputDirectory / "dotnet" / "bin" / name / "debug" / $"{name}.dll"}\"");
                    RunTests($"{string.Join(' ', assemblies)} --filter \"{WithoutNeeds}\"", "-- RunConfiguration.MaxCpuCount=0");
                });

    // [Trait("Needs", …)] marks a test or a class; all of Faults needs strace and minutes.
    const string WithoutNeeds = "Needs!=Engine&Needs!=Root&Needs!=Time&FullyQualifiedName!~.Faults.";

    void RunTests(string what, string settings = "")
    {
        TestResultsDirectory.CreateOrCleanDirectory();
        // As a string: NUKE would quote what an interpolated argument inserts.
        var arguments = $"test {what} --logger trx --results-directory \"{TestResultsDirectory}\" --nologo {settings}";
        var tests = ProcessTasks.StartProcess("dotnet", arguments, RootDirectory, logInvocation: false);
        tests.WaitForExit();
        var counters = TestResultsDirectory
            .GlobFiles("*.trx")
            .Select(file => XDocument.Load(file).Descendants().Single(element => element.Name.LocalName == "Counters"))
            .ToList();
        int Sum(string outcome) => counters.Sum(counter => (int)counter.Attribute(outcome)!);
        var skipped = Sum("total") - Sum("executed");
        Log.Information("{Passed} passed, {Failed} failed, {Skipped} skipped", Sum("passed"), Sum("failed"), skipped);
        ReportSummary(_ => _.AddPair("Passed", Sum("passed")).AddPair("Failed", Sum("failed")).AddPair("Skipped", skipped));
        tests.AssertZeroExitCode();
    }

    [Parameter("Number of packages that Bench uses - default is 10000")]
    [Range(1, int.MaxValue)]
    readonly int BenchPackages = 10_000;

    [Parameter("Number of measurements of each kind - default is 30")]
    [Range(1, int.MaxValue)]
    readonly int Rounds = 30;

    [Parameter("Manifest that BenchBuilds uses - default is debyard.yml")]
    readonly string BenchManifest = "debyard.yml";

    Target Bench => _ => _.Description("Runs all benchmarks").DependsOn(BenchServer, BenchBuilds, BenchPack);

    Target BenchServer =>
        _ =>
            _.Description(
                    "Compares the server with aptly, reprepro, apt-ftparchive, nginx and others if installed; writes docs/benchmarks.md"
                )
                .Executes(() =>
                    RunBenchmarks(
                        $"{BenchPackages} {Rounds} \"{OutputDirectory / "benchmarks"}\" \"{RootDirectory / "docs" / "benchmarks.md"}\""
                    )
                );

    Target BenchBuilds =>
        _ =>
            _.Description("Compares a run without changes with a loop of docker build and with make; writes docs/benchmarks-builds.md")
                .After(BenchServer)
                .Executes(() =>
                    RunBenchmarks(
                        $"builds \"{RootDirectory}\" \"{BenchManifest}\" {Rounds} \"{RootDirectory / "docs" / "benchmarks-builds.md"}\""
                    )
                );

    Target BenchPack =>
        _ =>
            _.Description("Compares packing a tree of 200 MB with dpkg-deb; writes docs/benchmarks-pack.md")
                .After(BenchBuilds)
                .Executes(() =>
                    RunBenchmarks(
                        $"pack \"{OutputDirectory / "benchmarks" / "pack"}\" {Rounds} \"{RootDirectory / "docs" / "benchmarks-pack.md"}\""
                    )
                );

    void RunBenchmarks(string arguments) => DotNet($"run --configuration Release --project tests/Debyard.Benchmarks -- {arguments}");

    void DotNet(string arguments) => ProcessTasks.StartProcess("dotnet", arguments, RootDirectory).AssertZeroExitCode();
}
