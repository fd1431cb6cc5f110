using System.Text.Json.Serialization;

namespace Debyard.Pipeline.Manifests;

/// <summary>An HTTP request and the expected response.</summary>
/// <param name="Path">With the query; begins with <c>/</c>.</param>
public sealed record HttpCheck(string Method, string Path) : Check
{
    /// <summary>An IP address in the container.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Null: the scenario's.</summary>
    public int? Port { get; init; }

    /// <summary>Null: without TLS.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>Headers of the request.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public string? Body { get; init; }

    /// <summary>A file relative to the manifest whose content is sent.</summary>
    public string? BodyFile { get; init; }

    /// <summary>The bytes to ask for, without the unit (RFC 9110 14.2): <c>0-187</c>, <c>188-</c>, <c>-188</c>.</summary>
    public string? Range { get; init; }

    /// <summary>Whether redirects are followed; the last response is the one that is checked.</summary>
    public bool Follow { get; init; }

    /// <summary>The expected status; null: 206 with a range, any redirect with <see cref="Redirect"/>, otherwise 200.</summary>
    public int? Status { get; init; }

    /// <summary>The media type, without parameters.</summary>
    public string? ContentType { get; init; }

    /// <summary>Headers of the response; null for a header that must be absent.</summary>
    public IReadOnlyDictionary<string, TextExpectation?> ResponseHeaders { get; init; } = new Dictionary<string, TextExpectation?>();

    public TextExpectation Text { get; init; } = TextExpectation.Anything;

    public IReadOnlyList<JsonExpectation> Json { get; init; } = [];

    /// <summary>The length of the body in bytes.</summary>
    public long? Length { get; init; }

    /// <summary>Where the response redirects to: a path, or an absolute address.</summary>
    public string? Redirect { get; init; }

    [JsonIgnore]
    public override string Asked =>
        $"{Method} {Path}"
        + string.Concat(Headers.Select(header => $" ({header.Key}: {header.Value})"))
        + (Range is null ? "" : $" (Range: bytes={Range})");

    [JsonIgnore]
    public override bool UsesScenarioPort => Port is null;

    [JsonIgnore]
    public override IEnumerable<string> SourceFiles => new[] { BodyFile, Tls?.SourceFile }.OfType<string>();
}

/// <summary>How to verify the certificate of a service.</summary>
/// <param name="Authority">
/// A file with certificates in PEM format to trust, relative to the manifest, or absolute in the container. Null: those that this machine
/// trusts.
/// </param>
/// <param name="Insecure">Whether to accept any certificate.</param>
/// <param name="Host">The name that the certificate must be for, also sent as SNI.</param>
public sealed record TlsSettings(string? Authority, bool Insecure, string Host)
{
    [JsonIgnore]
    public string? SourceFile => Authority?.StartsWith('/') == false ? Authority : null;
}

/// <summary>What a JSON body must have at a path.</summary>
/// <param name="Path">In JSONPath syntax: <c>$.items[0].name</c>.</param>
/// <param name="Exists">Whether the path must select something.</param>
/// <param name="Value">The value as JSON text; null: not checked.</param>
/// <param name="Text">What the value must be like as a text.</param>
public sealed record JsonExpectation(string Path, bool Exists, string? Value, TextExpectation Text);
