using System.Text;
using Debyard.Pipeline.ContinuousIntegration;
using Debyard.Pipeline.Manifests;
using Nuke.Common;
using Nuke.Common.CI;
using Nuke.Common.CI.GitLab;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Utilities;

/// <summary>
/// Generates <c>.gitlab-ci.yml</c>: a job for each entry target, as NUKE's own attributes do for other CI systems, and for the target
/// <c>Pipeline</c> the jobs that the manifest's section <c>ci</c> asks for.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class GitLabCIAttribute : ChainedConfigurationAttributeBase
{
    MemoryStream? captured;

    /// <summary>The targets to run in CI.</summary>
    public string[] InvokedTargets { get; set; } = [];

    /// <summary>Targets that every job runs first, to prepare its machine.</summary>
    public string[] SetupTargets { get; set; } = [];

    /// <summary>The path of the manifest, relative to the root.</summary>
    public string Manifest { get; set; } = "debyard.yml";

    public override Type HostType => typeof(GitLab);
    public override AbsolutePath ConfigurationFile => NukeBuild.RootDirectory / ".gitlab-ci.yml";
    public override IEnumerable<AbsolutePath> GeneratedFiles => [ConfigurationFile];
    public override IEnumerable<string> RelevantTargetNames => InvokedTargets;

    public override CustomFileWriter CreateWriter(StreamWriter streamWriter)
    {
        streamWriter.NewLine = "\n";
        return new CustomFileWriter(streamWriter, indentationFactor: 2, commentPrefix: "#");
    }

    public override ConfigurationEntity GetConfiguration(IReadOnlyCollection<ExecutableTarget> relevantTargets) =>
        new Yaml(
            ParentPipeline.For(
                ManifestReader.Read(NukeBuild.RootDirectory / Manifest),
                SetupTargets,
                [.. relevantTargets.Select(target => JobOf(target, relevantTargets))]
            )
        );

    /// <summary>What <see cref="ConfigurationAttributeBase.Generate"/> would write.</summary>
    public string Text(IReadOnlyCollection<ExecutableTarget> targets)
    {
        // Generate plans the targets, which marks them as invoked and scheduled; the running build must not see that.
        var states = targets.Select(target => (Target: target, target.Status, target.Invoked)).ToList();
        captured = new MemoryStream();
        try
        {
            Generate(targets);
            return Encoding.UTF8.GetString(captured.ToArray());
        }
        finally
        {
            captured = null;
            states.ForEach(state => (state.Target.Status, state.Target.Invoked) = (state.Status, state.Invoked));
        }
    }

    protected override StreamWriter CreateStream() =>
        captured is null ? base.CreateStream() : new StreamWriter(captured, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

    TargetJob JobOf(ExecutableTarget target, IReadOnlyCollection<ExecutableTarget> relevantTargets) =>
        new(
            target.Name,
            [.. GetInvokedTargets(target, relevantTargets).Select(invoked => invoked.Name)],
            [.. GetTargetDependencies(target).Select(dependency => dependency.Name)],
            [.. target.ArtifactProducts.Select(WithoutPattern).Distinct()],
            target.PartitionSize
        );

    // GitLab takes a folder with all that is in it: output/tests/ for output/tests/*.trx.
    static string WithoutPattern(string product)
    {
        var path = Path.GetRelativePath(NukeBuild.RootDirectory, product).Replace('\\', '/');
        return path.IndexOf('*') is var star and >= 0 ? path[..(path.LastIndexOf('/', star) + 1)] : path;
    }

    sealed class Yaml(GitLabPipeline pipeline) : ConfigurationEntity
    {
        public override void Write(CustomFileWriter writer)
        {
            foreach (var line in PipelineYaml.Write(pipeline).TrimEnd('\n').Split('\n'))
            {
                writer.WriteLine(line);
            }
        }
    }
}

/// <summary>Keeps the targets of the build for <c>GenerateCi</c>: NUKE shows them to extensions only.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class KeepTargetsAttribute : BuildExtensionAttributeBase, IOnBuildCreated
{
    public static IReadOnlyCollection<ExecutableTarget> Targets { get; private set; } = [];

    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets) => Targets = executableTargets;
}
