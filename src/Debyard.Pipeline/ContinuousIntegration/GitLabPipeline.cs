namespace Debyard.Pipeline.ContinuousIntegration;

/// <summary>A GitLab pipeline: what <see cref="PipelineYaml"/> writes as YAML.</summary>
public sealed record GitLabPipeline
{
    /// <summary>The lines of the comment at the top of the file.</summary>
    public IReadOnlyList<string> Header { get; init; } = [];

    public IReadOnlyList<PipelineInput> Inputs { get; init; } = [];

    /// <summary>Which events create a pipeline.</summary>
    public IReadOnlyList<Rule> Rules { get; init; } = [];

    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    public string? Image { get; init; }
    public IReadOnlyList<string> Services { get; init; } = [];
    public IReadOnlyList<string> Tags { get; init; } = [];
    public required IReadOnlyList<Job> Jobs { get; init; }

    /// <summary>In the order in which jobs first name them. None if a project that includes the file defines them.</summary>
    public IEnumerable<string> Stages => Inputs.Count > 0 ? [] : Jobs.Select(job => job.Stage).Distinct();
}

/// <summary>A parameter of a file that other projects include: <c>spec:inputs</c>.</summary>
public sealed record PipelineInput(string Name, string Description, string Default, bool IsList = false);
