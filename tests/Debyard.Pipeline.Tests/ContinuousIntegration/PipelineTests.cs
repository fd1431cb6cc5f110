using System.Runtime.CompilerServices;
using Debyard.Pipeline.ContinuousIntegration;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Tests.ContinuousIntegration;

/// <summary>The generated pipelines, as whole files that a person has read, and against GitLab's schema.</summary>
public sealed class PipelineTests : IDisposable
{
    const string Simple = "ci: { tags: [docker] }\n";

    const string Everything = """
        ci:
          shape: architectures
          image: debian:12
          services: [docker:dind]
          tags: [docker]
          architecture-tags: { arm64: [docker, arm64] }
          variables: { DOCKER_HOST: "tcp://docker:2375", PLAYER_TRACE: "yes" }
          secrets: [PLAYER_LICENCE]
          auto-stop: 2 weeks
          nightly: true
          release: true

        """;

    static readonly TargetJob test = new("Test", ["Format", "Test"], [], ["output/tests/"], null);
    static readonly TargetJob packages = new(ParentPipeline.PackagesTarget, ["Pipeline"], [], [], null);

    Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Theory]
    [InlineData(Simple, "simple.yml")]
    [InlineData(Everything, "fan-out.yml")]
    public async Task The_committed_pipeline_has_the_manifest_s_shape(string ci, string golden)
    {
        var yaml = PipelineYaml.Write(ParentPipeline.For(With(ci).Read(), ["Setup"], [test, packages]));

        Golden.Equal(yaml, golden);
        Assert.Empty(await GitLabSchema.ErrorsAsync(yaml));
    }

    [Theory]
    [InlineData("architectures", "child-architectures.yml")]
    [InlineData("images", "child-images.yml")]
    public async Task The_child_pipeline_has_a_job_for_each_build_that_the_server_lacks(string shape, string golden)
    {
        With($"ci: {{ shape: {shape}, tags: [docker], architecture-tags: {{ arm64: [docker, arm64] }} }}\n");
        var yaml = Child(_ => true);

        Golden.Equal(yaml, golden);
        Assert.Empty(await GitLabSchema.ErrorsAsync(yaml));
    }

    [Fact]
    public void A_build_that_the_server_has_gets_no_job_and_nobody_waits_for_it()
    {
        With("ci: { shape: images }\n");
        var jobs = ChildJobs(image => image.Id is not ("player-zip/amd64" or "player-codec/arm64"));

        Assert.Equal(
            ["debyard:player-codec/amd64", "debyard:player-zip/arm64", "debyard:publish", "debyard:stop"],
            jobs.Select(job => job.Name)
        );
        Assert.Empty(jobs[0].Needs!);
    }

    [Theory]
    [InlineData("architectures")]
    [InlineData("images")]
    public void If_nothing_must_be_built_one_job_runs(string shape)
    {
        With($"ci: {{ shape: {shape} }}\n");

        Assert.Equal(
            ["debyard:publish"],
            ChildJobs(_ => false).Where(job => job.Rules.All(rule => rule.When != "manual")).Select(job => job.Name)
        );
    }

    [Fact]
    public async Task A_target_that_needs_another_job_s_target_leaves_its_dependencies_to_that_job()
    {
        var yaml = PipelineYaml.Write(
            ParentPipeline.For(With(Simple).Read(), ["Setup"], [test, new TargetJob("Bench", ["Bench"], ["Test"], [], 4), packages])
        );

        Assert.Contains(
            """
            debyard:bench:
              stage: bench
              needs:
                - debyard:test
              parallel: 4
              script: ./build.sh Setup Bench --partition $CI_NODE_INDEX/$CI_NODE_TOTAL --skip
            """,
            yaml
        );
        Assert.Empty(await GitLabSchema.ErrorsAsync(yaml));
    }

    [Fact]
    public async Task What_YAML_would_take_for_something_else_than_text_is_quoted()
    {
        var yaml = PipelineYaml.Write(ParentPipeline.For(With(Everything).Read(), [], [packages]));

        Assert.Contains("  GIT_DEPTH: \"0\"\n", yaml);
        Assert.Contains("  PLAYER_TRACE: \"yes\"\n", yaml);
        Assert.Contains("  DOCKER_HOST: tcp://docker:2375\n", yaml);
        Assert.Empty(await GitLabSchema.ErrorsAsync(yaml));
    }

    [Fact]
    public void The_component_in_the_repository_is_what_is_generated()
    {
        var yaml = PipelineYaml.Write(ComponentTemplate.Pipeline);
        var file = Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../..", ComponentTemplate.File);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, yaml);
        }
        Assert.Equal(File.ReadAllText(file), yaml);
    }

    [Fact]
    public async Task The_component_is_valid()
    {
        var component = ComponentTemplate.Pipeline;
        var yaml = PipelineYaml.Write(component);
        foreach (var input in component.Inputs)
        {
            // As GitLab does before it reads the jobs.
            yaml = yaml.Replace(
                $"$[[ inputs.{input.Name} ]]",
                input.IsList ? $"[{input.Default}]" : input.Default,
                StringComparison.Ordinal
            );
        }

        Assert.DoesNotContain("$[[", yaml);
        Assert.Empty(await GitLabSchema.ErrorsAsync(yaml));
    }

    [Fact]
    public async Task The_schema_refuses_what_GitLab_refuses() =>
        Assert.NotEmpty(await GitLabSchema.ErrorsAsync("debyard:test:\n  script: ./build.sh\n  retries: 2\n"));

    static string ThisFile([CallerFilePath] string file = "") => file;

    Workspace With(string ci)
    {
        workspace.Dispose();
        return workspace = new Workspace(Workspace.Manifest + ci);
    }

    string Child(Func<Image, bool> isUnknown) => PipelineYaml.Write(ChildOf(isUnknown));

    IReadOnlyList<Job> ChildJobs(Func<Image, bool> isUnknown) => ChildOf(isUnknown).Jobs;

    GitLabPipeline ChildOf(Func<Image, bool> isUnknown)
    {
        var graph = workspace.Graph();
        return ChildPipeline.For(workspace.Read(), ["Setup"], graph, graph.Images.Where(isUnknown).ToHashSet());
    }
}
