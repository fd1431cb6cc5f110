using System.Reflection;
using Debyard.Pipeline.ContinuousIntegration;
using Debyard.Pipeline.Manifests;
using Nuke.Common;
using Serilog;

[KeepTargets]
[GitLabCI(
    // InRun does it, in the same process: a separate process takes longer than a run without changes.
    AutoGenerate = false,
    SetupTargets = [nameof(Setup)],
    InvokedTargets = [nameof(Test), nameof(Pipeline)],
    NonEntryTargets = [
        nameof(Format),
        nameof(Images),
        nameof(Dependencies),
        nameof(Extract),
        nameof(Upload),
        nameof(Package),
        nameof(Validate),
        nameof(Publish),
    ]
)]
partial class Build
{
    [Parameter("GenerateCi: fails if .gitlab-ci.yml is not what it would write, and writes nothing")]
    readonly bool Check;

    [Parameter("GenerateCi: writes the child pipeline of this commit to output/child-pipeline.yml instead")]
    readonly bool Child;

    static GitLabCIAttribute GitLabCI => typeof(Build).GetCustomAttribute<GitLabCIAttribute>()!;

    Target GenerateCi =>
        _ =>
            _.Description("Writes .gitlab-ci.yml from debyard.yml and the targets, or with --check compares it")
                .Executes(() =>
                    Child
                        ? InRun(WriteChildPipelineAsync)
                        : Guarded(() =>
                        {
                            WriteOrCheckPipeline();
                            return Task.CompletedTask;
                        })
                );

    void WriteOrCheckPipeline()
    {
        var text = GitLabCI.Text(KeepTargetsAttribute.Targets);
        var file = GitLabCI.ConfigurationFile;
        if (Check)
        {
            GeneratedFile.RequireCurrent(file, text);
            Log.Information("{File:l} is what GenerateCi writes", file.Name);
        }
        else
        {
            Log.Information(GeneratedFile.Update(file, text) ? "{File:l} written" : "{File:l} unchanged", file.Name);
        }
    }

    async Task WriteChildPipelineAsync(Debyard.Pipeline.Steps.PipelineRun run)
    {
        var pipeline = await run.ChildPipelineAsync(GitLabCI.SetupTargets);
        GeneratedFile.Update(RootDirectory / ChildPipeline.File, PipelineYaml.Write(pipeline));
        foreach (var job in pipeline.Jobs)
        {
            Log.Information("{Job:l}", job.Name);
        }
    }

    /// <summary>Keeps <c>.gitlab-ci.yml</c> up to date on local runs with the manifest that it is generated from.</summary>
    void UpdateCi(Manifest manifest)
    {
        if (
            IsLocalBuild
            && CiRun is null
            && manifest.Ci is not null
            && manifest.File == RootDirectory / GitLabCI.Manifest
            && GeneratedFile.Update(GitLabCI.ConfigurationFile, GitLabCI.Text(KeepTargetsAttribute.Targets))
        )
        {
            Log.Warning("{File:l} has changed: commit it", GitLabCI.ConfigurationFile.Name);
        }
    }
}
