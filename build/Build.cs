using System.ComponentModel.DataAnnotations;
using Debyard.Pipeline.Builds;
using Debyard.Pipeline.ContinuousIntegration;
using Debyard.Pipeline.Display;
using Debyard.Pipeline.Masking;
using Debyard.Pipeline.Steps;
using Nuke.Common;
using Nuke.Common.CI.GitLab;
using Nuke.Common.IO;
using Serilog;

/// <summary>The targets and their order. The logic is in <c>src/Debyard.Pipeline</c>, where it is tested.</summary>
partial class Build : NukeBuild
{
    public static int Main(string[] arguments)
    {
        if (HasMistakes(arguments))
        {
            return 255; // as for a target that does not exist
        }
        StopOnSignals();
        ChooseColors();
        using var output = new MaskingWriter(Console.Out, Secrets);
        using var errors = new MaskingWriter(Console.Error, Secrets);
        Console.SetOut(output);
        Console.SetError(errors);
        return Execute<Build>(x => x.Pipeline);
    }

    [Parameter("Path of the manifest - default is debyard.yml")]
    readonly string Manifest = "debyard.yml";

    [Parameter("Architectures to build for - default is this machine's, and in CI all of the manifest's", Separator = ",")]
    readonly string[] Architectures = [];

    [Parameter("Dependencies and packages to build, together with what they need - default is all", Separator = ",")]
    readonly string[] Only = [];

    [Parameter("Git branch to publish to - default is the branch that is checked out")]
    readonly string Branch = null!;

    [Parameter("URL of the repository server (or DEBYARD_URL) - default is a server that the run starts, with output/repository")]
    readonly string RepositoryUrl = null!;

    [Parameter("Images to build at the same time - default is the number of cores")]
    [Range(1, 1024)]
    readonly int? Jobs;

    [Parameter("After a failure, keeps building images that do not depend on the failed one, and lists all failures at the end")]
    readonly bool KeepGoing;

    [Parameter("Builds each dependency and package a second time without cache, and fails if the result differs")]
    readonly bool VerifyReproducible;

    // Whatever prints them: a program, an error message, NUKE itself.
    static readonly SecretMask Secrets = new("DEBYARD_TOKEN", "DEBYARD_ID_TOKEN", "CI_JOB_TOKEN");

    static readonly CiRun? CiRun = CiRun.Recognise(Variable);

    AbsolutePath OutputDirectory => RootDirectory / "output";

    RunOptions RunOptions =>
        new()
        {
            ManifestFile = System.IO.Path.GetRelativePath(Environment.CurrentDirectory, System.IO.Path.Combine(RootDirectory, Manifest)),
            OutputFolder = OutputDirectory,
            Architectures = Architectures,
            Only = Only,
            Branch = Branch ?? CiRun?.Branch,
            RepositoryUrl = RepositoryUrl ?? Variable("DEBYARD_URL"),
            // A token for this project comes before the job's id_token, which not every server accepts.
            Token = Variable("DEBYARD_TOKEN") ?? Variable("DEBYARD_ID_TOKEN"),
            Mask = Secrets,
            Project = CiRun?.Project,
            Jobs = Jobs,
            VerifyReproducible = VerifyReproducible,
            AfterFailure = KeepGoing ? AfterFailure.KeepGoing : AfterFailure.Stop,
            Emulated = Emulate,
            KeepContainers = Keep,
            AllArchitectures = IsServerBuild || CiRun is not null,
            StartServer = StartEmbeddedServerAsync,
            Display = Display,
            Log = Information,
            Warn = line => Display.Write(() => Log.Warning("{Line:l}", line)),
        };

    PipelineRun? run;

    /// <summary>Does a step of the run, which the first step creates.</summary>
    Task InRun(Func<PipelineRun, Task> step) =>
        Guarded(async () =>
        {
            if (run is null)
            {
                run = await PipelineRun.CreateAsync(RunOptions, Cancellation);
                UpdateCi(run.Manifest);
                if (CiRun is not null)
                {
                    Information(CiRun.ToString());
                }
            }
            await step(run);
        });

    protected override void OnBuildFinished()
    {
        run?.Dispose();
        embedded?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.OnBuildFinished();
    }

    BuildDisplay Display =>
        field ??=
            GitLab.Instance is not null ? new GitLabSections(Console.Out, Information)
            : IsServerBuild || Console.IsOutputRedirected || OperatingSystem.IsWindows() || Variable("TERM") is null or "dumb"
                ? new PlainLines(Information)
            : new LiveTable(Console.Out, () => Console.WindowHeight is > 0 and var lines ? lines : 24);

    // NUKE colours its output if TERM names an xterm, also in files. Job logs show colours. https://no-color.org
    static void ChooseColors()
    {
        if (Variable("NO_COLOR") is not null || (Console.IsOutputRedirected && Variable("CI") is null))
        {
            Environment.SetEnvironmentVariable("TERM", "dumb");
        }
    }

    void Information(string line) => Display.Write(() => Log.Information("{Line:l}", line));

    static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
