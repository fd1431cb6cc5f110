using System.Net;
using Debyard.Pipeline.Engine;

namespace Debyard.Pipeline.Validation.Checks;

/// <summary>What checks need of the place where the services run: a container, or this machine in tests.</summary>
public sealed record CheckContext
{
    /// <summary>
    /// Opens a connection to an address of that place. It throws <see cref="System.Net.Sockets.SocketException"/> if the connection is not
    /// accepted, and the stream ends when the service closes its side.
    /// </summary>
    public required Func<IPEndPoint, CancellationToken, Task<Stream>> Connect { get; init; }

    /// <summary>Runs a program with its arguments as root, and returns when it has ended.</summary>
    public required Func<IReadOnlyList<string>, CancellationToken, Task<CommandResult>> Run { get; init; }

    public IReadOnlyList<CheckedService> Services { get; init; } = [];

    /// <summary>Reads a file beside the manifest.</summary>
    public Func<string, byte[]> ReadSource { get; init; } = File.ReadAllBytes;

    /// <summary>The scenario's port; null if none of its checks needs one.</summary>
    public int? Port { get; init; }

    /// <summary>Whether <c>{port}</c> stands for the port: not if the manifest sets it.</summary>
    public bool ReplacesPort { get; init; }

    /// <summary>
    /// What listened before the services started. In the network of a whole machine these sockets are not the services', so messages do not
    /// mention them.
    /// </summary>
    public IReadOnlyList<ListeningSocket> ListeningBefore { get; init; } = [];

    public Secrets Secrets { get; init; } = Secrets.None;

    /// <summary>The text of a check with the port and the secrets in it.</summary>
    public string Expand(string text) => Secrets.Expand(WithPort(text));

    /// <summary>The text with the port in it, but not the secrets.</summary>
    public string WithPort(string text) => ReplacesPort ? text.Replace("{port}", $"{Port}", StringComparison.Ordinal) : text;
}

/// <summary>A service that a scenario has started.</summary>
/// <param name="Name">The unit, or the name of the start command.</param>
/// <param name="ReadLog">All that it has logged since it was started.</param>
/// <param name="FindExitCode">Its exit code; null while it runs.</param>
public sealed record CheckedService(
    string Name,
    Func<CancellationToken, Task<string>> ReadLog,
    Func<CancellationToken, Task<long?>> FindExitCode
);
