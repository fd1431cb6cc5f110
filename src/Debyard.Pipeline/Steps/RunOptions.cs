using Debyard.Pipeline.Builds;
using Debyard.Pipeline.Display;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Steps;

/// <summary>What a run was asked for. What is null or empty is decided by the manifest and the machine.</summary>
public sealed record RunOptions
{
    /// <summary>The path of <c>debyard.yml</c>.</summary>
    public required string ManifestFile { get; init; }

    /// <summary>Where artifacts, records, logs and the embedded server's repository are kept.</summary>
    public required string OutputFolder { get; init; }

    public IReadOnlyList<string> Architectures { get; init; } = [];
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>The git ref whose branch is published to; null: the one checked out.</summary>
    public string? Branch { get; init; }

    /// <summary>Null: the server that <see cref="StartServer"/> starts.</summary>
    public string? RepositoryUrl { get; init; }

    /// <summary>What the repository server knows this writer by: its token, or a job's id_token. Comes from the environment, never from a command line.</summary>
    public string? Token { get; init; }

    /// <summary>The project's path on its GitLab, which the branch remembers as an owner's; null outside of CI.</summary>
    public string? Project { get; init; }

    public int? Jobs { get; init; }

    /// <summary>Whether a failed image ends the run's building, or all that does not need it is still built.</summary>
    public AfterFailure AfterFailure { get; init; }

    /// <summary>Builds each dependency and package of the run a second time, and fails where that makes other bytes.</summary>
    public bool VerifyReproducible { get; init; }

    /// <summary>True in CI: everything the manifest names is built. False: what this machine can run.</summary>
    public bool AllArchitectures { get; init; }

    /// <summary>Starts the repository server of this run, as the manifest wants it, and returns its address.</summary>
    public required Func<Manifest, CancellationToken, Task<Uri>> StartServer { get; init; }

    /// <summary>Shows what is being built.</summary>
    public required BuildDisplay Display { get; init; }

    /// <summary>Takes the lines meant for a person.</summary>
    public required Action<string> Say { get; init; }

    /// <summary>Takes the lines a person should act on, though nothing failed.</summary>
    public required Action<string> Warn { get; init; }
}
