using Debyard.Pipeline.Builds;
using Debyard.Pipeline.Display;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Masking;

namespace Debyard.Pipeline.Steps;

/// <summary>What the user asked a run for. The manifest and the machine decide what is null or empty here.</summary>
public sealed record RunOptions
{
    /// <summary>The path of <c>debyard.yml</c>.</summary>
    public required string ManifestFile { get; init; }

    /// <summary>Where the run keeps artifacts, records, logs and the repository of its own server.</summary>
    public required string OutputFolder { get; init; }

    public IReadOnlyList<string> Architectures { get; init; } = [];
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>The git ref to publish; null: the branch that is checked out.</summary>
    public string? Branch { get; init; }

    /// <summary>Null: the manifest's server, or else the one that <see cref="StartServer"/> starts.</summary>
    public string? RepositoryUrl { get; init; }

    /// <summary>
    /// A token of the repository server, or the job's id_token; null if there is none. It comes from the environment, never from a
    /// command line.
    /// </summary>
    public string? Token { get; init; }

    /// <summary>The secrets that must not appear in output; the manifest may name more.</summary>
    public SecretMask Mask { get; init; } = new();

    /// <summary>The GitLab project path, which the server adds to the branch's owners; null outside CI.</summary>
    public string? Project { get; init; }

    /// <summary>Images to build at the same time; null: the number of cores.</summary>
    public int? Jobs { get; init; }

    public AfterFailure AfterFailure { get; init; }

    /// <summary>Builds each dependency and package a second time, and fails if the result differs.</summary>
    public bool VerifyReproducible { get; init; }

    /// <summary>True in CI: build for all of the manifest's architectures. False: only for this machine's.</summary>
    public bool AllArchitectures { get; init; }

    /// <summary>Architectures to validate by emulation.</summary>
    public IReadOnlyList<string> Emulated { get; init; } = [];

    /// <summary>Leaves containers running in which a validation failed.</summary>
    public bool KeepContainers { get; init; }

    /// <summary>Starts a repository server for this run and returns its address.</summary>
    public required Func<Manifest, CancellationToken, Task<Uri>> StartServer { get; init; }

    public required BuildDisplay Display { get; init; }

    /// <summary>Receives the lines that tell what happens.</summary>
    public required Action<string> Log { get; init; }

    /// <summary>Receives the lines that need the user's attention although nothing failed.</summary>
    public required Action<string> Warn { get; init; }
}
