using Debyard.Pipeline.Builds;
using Debyard.Pipeline.Display;
using Debyard.Pipeline.Steps;
using Nuke.Common;
using Nuke.Common.CI.GitLab;
using Nuke.Common.IO;
using Serilog;

/// <summary>What runs and in which order. Everything that can be wrong is in <c>src/Debyard.Pipeline</c>.</summary>
partial class Build : NukeBuild
{
    public static int Main()
    {
        StopInOrderOnSignals();
        return Execute<Build>(x => x.Pipeline);
    }

    [Parameter("The manifest - default is debyard.yml")]
    readonly string Manifest = "debyard.yml";

    [Parameter("Architectures to build for - default is this machine's, in CI all of the manifest's", Separator = ",")]
    readonly string[] Architectures = [];

    [Parameter("Dependencies and packages to build, with all they need - default is all", Separator = ",")]
    readonly string[] Only = [];

    [Parameter("Git branch whose repository is published to - default is the one checked out")]
    readonly string Branch = null!;

    [Parameter("Repository server, also DEBYARD_URL - default is one started for the run, over output/repository")]
    readonly string RepositoryUrl = null!;

    [Parameter("Images to build at the same time - default is the number of cores")]
    readonly int? Jobs;

    [Parameter("Builds on after a failure what does not need the failed image, and lists all failures at the end")]
    readonly bool KeepGoing;

    [Parameter("Builds each dependency and package a second time without cache, and fails where that makes other bytes")]
    readonly bool VerifyReproducible;

    AbsolutePath OutputDirectory => RootDirectory / "output";

    PipelineRun Run =>
        field ??= new PipelineRun(
            new RunOptions
            {
                ManifestFile = System.IO.Path.GetRelativePath(
                    Environment.CurrentDirectory,
                    System.IO.Path.Combine(RootDirectory, Manifest)
                ),
                OutputFolder = OutputDirectory,
                Architectures = Architectures,
                Only = Only,
                Branch = Branch ?? GitLab.Instance?.CommitRefName,
                RepositoryUrl = RepositoryUrl ?? Variable("DEBYARD_URL"),
                // A token someone gave this project counts before what GitLab says of the job, which not every server asks.
                Token = Variable("DEBYARD_TOKEN") ?? Variable("DEBYARD_ID_TOKEN"),
                Project = Variable("CI_PROJECT_PATH"),
                Jobs = Jobs,
                VerifyReproducible = VerifyReproducible,
                AfterFailure = KeepGoing ? AfterFailure.GoOn : AfterFailure.Stop,
                AllArchitectures = IsServerBuild,
                StartServer = StartEmbeddedServerAsync,
                Display = Display,
                Say = Say,
                Warn = line => Display.Write(() => Log.Warning("{Line:l}", line)),
            },
            Cancellation
        );

    BuildDisplay Display =>
        field ??=
            GitLab.Instance is not null ? new GitLabSections(Console.Out, Say)
            : IsServerBuild || Console.IsOutputRedirected || OperatingSystem.IsWindows() || Variable("TERM") is null or "dumb"
                ? new PlainLines(Say)
            : new LiveTable(Console.Out, () => Console.WindowHeight is > 0 and var lines ? lines : 24);

    void Say(string line) => Display.Write(() => Log.Information("{Line:l}", line));

    static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
