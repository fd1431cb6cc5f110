using System.Text.Json.Serialization;

namespace Debyard.Pipeline.Manifests;

/// <summary>Something that must be true while the services of a scenario run. What is null or empty is not checked.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "check")]
[JsonDerivedType(typeof(HttpCheck), "http")]
[JsonDerivedType(typeof(TcpCheck), "tcp")]
[JsonDerivedType(typeof(ListeningCheck), "listening")]
[JsonDerivedType(typeof(CommandCheck), "run")]
[JsonDerivedType(typeof(FileCheck), "file")]
[JsonDerivedType(typeof(LogCheck), "log")]
[JsonDerivedType(typeof(UnitsCheck), "units")]
public abstract record Check
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    /// <summary>What reports call the check; null: <see cref="Asked"/>.</summary>
    public string? Name { get; init; }

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>How long a check that fails is tried again; null: only until the services are ready.</summary>
    public TimeSpan? Within { get; init; }

    /// <summary>Where the manifest has the check. It does not change what is checked, so verdicts do not depend on it.</summary>
    [JsonIgnore]
    public long Line { get; init; }

    /// <summary>What is asked, in one line: <c>GET /health</c>. It has no value of an environment variable in it.</summary>
    [JsonIgnore]
    public abstract string Asked { get; }

    [JsonIgnore]
    public string Title => Name ?? Asked;

    /// <summary>Whether the check uses the scenario's port.</summary>
    [JsonIgnore]
    public virtual bool UsesScenarioPort => false;

    /// <summary>The files beside the manifest that the check reads.</summary>
    [JsonIgnore]
    public virtual IEnumerable<string> SourceFiles => [];
}

/// <summary>What a text must be like.</summary>
/// <param name="Exact">The whole text; null: not checked.</param>
/// <param name="Contains">Texts that it must contain.</param>
/// <param name="Excludes">Texts that it must not contain.</param>
/// <param name="Matches">Regular expressions that must match somewhere; <c>^</c> and <c>$</c> match at the ends of lines.</param>
public sealed record TextExpectation(
    string? Exact,
    IReadOnlyList<string> Contains,
    IReadOnlyList<string> Excludes,
    IReadOnlyList<string> Matches
)
{
    public static readonly TextExpectation Anything = new(null, [], [], []);

    [JsonIgnore]
    public bool IsEmpty => Exact is null && Contains.Count + Excludes.Count + Matches.Count == 0;
}
