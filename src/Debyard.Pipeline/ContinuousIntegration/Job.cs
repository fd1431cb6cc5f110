namespace Debyard.Pipeline.ContinuousIntegration;

/// <summary>
/// A job of a GitLab pipeline. What is null or empty is left out of the YAML. https://docs.gitlab.com/ci/yaml/ describes each key.
/// </summary>
public sealed record Job(string Name)
{
    /// <summary>The comment above the job.</summary>
    public string? Comment { get; init; }

    public required string Stage { get; init; }
    public string? Image { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The jobs that must end first; null: all of earlier stages; empty: none.</summary>
    public IReadOnlyList<string>? Needs { get; init; }

    public int? Parallel { get; init; }
    public IReadOnlyList<Rule> Rules { get; init; } = [];
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the job gets an id_token for the repository server.</summary>
    public bool HasIdToken { get; init; }

    public JobEnvironment? Environment { get; init; }
    public string? ResourceGroup { get; init; }
    public bool IsInterruptible { get; init; } = true;
    public IReadOnlyList<string> Script { get; init; } = [];
    public JobCache? Cache { get; init; }
    public JobArtifacts? Artifacts { get; init; }

    /// <summary>
    /// The job whose artifact <see cref="ChildPipeline.File"/> is the child pipeline that this job starts, instead of a script.
    /// </summary>
    public string? TriggersPipelineOf { get; init; }
}

/// <summary>One of a job's or pipeline's rules; the first whose condition holds decides.</summary>
/// <param name="If">Null: always.</param>
/// <param name="When">Null: <c>on_success</c>.</param>
public sealed record Rule(string? If, string? When = null, bool AllowsFailure = false);

/// <summary>What GitLab shows as the environment of a branch.</summary>
public sealed record JobEnvironment(string Name)
{
    public string? Url { get; init; }

    /// <summary>The job that stops it.</summary>
    public string? OnStop { get; init; }

    public string? AutoStopIn { get; init; }

    /// <summary>Whether this job stops it.</summary>
    public bool IsStopped { get; init; }
}

/// <summary>Files that the next job with the same key on the same runner gets. A job must work without them.</summary>
public sealed record JobCache(string Key, IReadOnlyList<string> Paths);

/// <summary>Files that GitLab keeps of a job.</summary>
/// <param name="ExpireIn">In GitLab's words: <c>1 week</c>.</param>
public sealed record JobArtifacts(IReadOnlyList<string> Paths, string ExpireIn)
{
    /// <summary>Whether a failed job's files are kept too.</summary>
    public bool EvenAfterFailure { get; init; }

    /// <summary>Reports in JUnit's format; GitLab shows them in the merge request.</summary>
    public string? JUnit { get; init; }

    /// <summary>A file of <c>NAME=value</c> lines; the environment's URL may use them.</summary>
    public string? Dotenv { get; init; }
}
