namespace Debyard.Pipeline.Manifests;

/// <summary>How the packages of a branch are divided into GitLab jobs.</summary>
public enum CiShape
{
    /// <summary>One job does everything.</summary>
    Simple,

    /// <summary>One job for each architecture builds its dependencies; a last job builds, validates and publishes the packages.</summary>
    Architectures,

    /// <summary>One job for each dependency and architecture; a last job builds, validates and publishes the packages.</summary>
    Images,
}

/// <summary>What the generated GitLab pipeline looks like.</summary>
public sealed record CiSettings
{
    public const string DefaultAutoStop = "4 weeks";

    public CiShape Shape { get; init; }

    /// <summary>The container image that jobs run in; null: the runner's.</summary>
    public string? Image { get; init; }

    /// <summary>Containers beside each job, such as <c>docker:dind</c>.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>The runner tags of all jobs.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The runner tags of jobs that build for an architecture, instead of <see cref="Tags"/>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ArchitectureTags { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of environment variables whose values never appear in output or logs.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>The time without a deployment after which GitLab stops a branch's environment, in GitLab's words: <c>2 weeks</c>.</summary>
    public string AutoStop { get; init; } = DefaultAutoStop;

    /// <summary>Whether schedules run a job that builds everything twice and compares the results.</summary>
    public bool IsNightly { get; init; }

    /// <summary>Whether tags get a manual release job.</summary>
    public bool HasRelease { get; init; }
}
