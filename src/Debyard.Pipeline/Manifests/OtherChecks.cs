using System.Globalization;
using System.Text.Json.Serialization;

namespace Debyard.Pipeline.Manifests;

/// <summary>A connection to a port: what is sent, and what must come back.</summary>
/// <param name="Port">Null: the scenario's.</param>
public sealed record TcpCheck(int? Port) : Check
{
    /// <summary>An IP address in the container.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Null: without TLS.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>Hexadecimal; null: nothing is sent.</summary>
    public string? Send { get; init; }

    /// <summary>Bytes that must be among those that come, hexadecimal; null: not checked.</summary>
    public string? Expect { get; init; }

    /// <summary>What the answer must be like as UTF-8 text.</summary>
    public TextExpectation Text { get; init; } = TextExpectation.Anything;

    [JsonIgnore]
    public override string Asked =>
        $"TCP {Port?.ToString(CultureInfo.InvariantCulture) ?? "{port}"}" + (Send is null ? "" : $" send {Escaped.From(Send)}");

    [JsonIgnore]
    public override bool UsesScenarioPort => Port is null;

    [JsonIgnore]
    public override IEnumerable<string> SourceFiles => new[] { Tls?.SourceFile }.OfType<string>();
}

/// <summary>A TCP port that something listens on.</summary>
/// <param name="Port">Null: the scenario's.</param>
/// <param name="Address">An IP address; null: any.</param>
public sealed record ListeningCheck(int? Port, string? Address) : Check
{
    [JsonIgnore]
    public override string Asked =>
        $"listening {(Address is null ? "" : Address.Contains(':', StringComparison.Ordinal) ? $"[{Address}]:" : $"{Address}:")}"
        + (Port?.ToString(CultureInfo.InvariantCulture) ?? "{port}");

    [JsonIgnore]
    public override bool UsesScenarioPort => Port is null;
}

/// <summary>A command in the container.</summary>
/// <param name="Command">The program and its arguments; a single text is run by a shell.</param>
public sealed record CommandCheck(IReadOnlyList<string> Command, bool ByShell) : Check
{
    public int ExitCode { get; init; }

    /// <summary>What its standard output and error must be like.</summary>
    public TextExpectation Output { get; init; } = TextExpectation.Anything;

    [JsonIgnore]
    public override string Asked => $"run {string.Join(' ', Command)}";
}

/// <summary>A file, folder or symbolic link in the container.</summary>
/// <param name="Path">Absolute.</param>
public sealed record FileCheck(string Path) : Check
{
    /// <summary>Whether it must not exist.</summary>
    public bool Absent { get; init; }

    public string? Owner { get; init; }

    public string? Group { get; init; }

    /// <summary>The permission bits in octal, without leading zeros: <c>644</c>.</summary>
    public string? Mode { get; init; }

    /// <summary>Where the link leads, as it is written in the link.</summary>
    public string? Symlink { get; init; }

    public TextExpectation Content { get; init; } = TextExpectation.Anything;

    [JsonIgnore]
    public override string Asked => $"file {Path}";
}

/// <summary>The lines that a service has logged since the scenario began.</summary>
/// <param name="Service">A unit, or the name of a start command.</param>
public sealed record LogCheck(string Service) : Check
{
    public TextExpectation Lines { get; init; } = TextExpectation.Anything;

    [JsonIgnore]
    public override string Asked => $"log {Service}";
}

/// <summary>No unit of systemd has failed.</summary>
public sealed record UnitsCheck : Check
{
    [JsonIgnore]
    public override string Asked => "units ok";
}
