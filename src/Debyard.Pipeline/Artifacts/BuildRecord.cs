using System.Text.Json.Serialization;
using Debyard.Debian.Digests;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Artifacts;

/// <summary>A <c>.deb</c> taken out of an image.</summary>
public sealed record Artifact(string FileName, FileDigests Digests);

/// <summary>What came of an image: kept beside its artifacts, so that the next run need ask nobody.</summary>
/// <param name="Inputs">What the fingerprint was made of, to say later what changed.</param>
public sealed record BuildRecord(string Image, string Fingerprint, IReadOnlyList<Input> Inputs, IReadOnlyList<Artifact> Artifacts);

[JsonSerializable(typeof(BuildRecord))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
sealed partial class BuildRecordJson : JsonSerializerContext;
