namespace Debyard.Pipeline.Manifests;

/// <summary>One start of the installed services, and what must be true then.</summary>
public sealed record Scenario(string Name)
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Files to copy into the container: absolute path in it to a path relative to the manifest.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Environment variables of the services. <c>${NAME}</c> in a value stands for the variable of that name in Debyard's own environment.
    /// </summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary><see cref="Init.None"/> if there are start commands. Null: systemd if the packages ship units, else none.</summary>
    public Init? Init { get; init; }

    /// <summary>The units to start and wait for; empty: those that the packages enable.</summary>
    public IReadOnlyList<string> Units { get; init; } = [];

    /// <summary>Additional packages of the branch, whose services run too.</summary>
    public IReadOnlyList<string> Install { get; init; } = [];

    /// <summary>Commands that stay in the foreground, started in this order; only with <see cref="Init.None"/>.</summary>
    public IReadOnlyList<StartCommand> Start { get; init; } = [];

    /// <summary>The port that checks use by default; null: a free one, which replaces <c>{port}</c>.</summary>
    public int? Port { get; init; }

    /// <summary>How long the services may take until they are ready.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    public IReadOnlyList<Check> Checks { get; init; } = [];
}

/// <summary>A command that runs a service.</summary>
/// <param name="Name">What <c>log</c> checks and messages call it.</param>
/// <param name="Command">Run by a shell's <c>exec</c>.</param>
public sealed record StartCommand(string Name, string Command)
{
    /// <summary>The name of a command without one.</summary>
    public const string DefaultName = "service";
}
