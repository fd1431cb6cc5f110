using System.Text.Json.Serialization;
using Debyard.Debian.Digests;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Artifacts;

/// <summary>A <c>.deb</c> file extracted from an image.</summary>
public sealed record Artifact(string FileName, FileDigests Digests);

/// <summary>What a build produced. It is kept beside the artifacts, so the next run needs neither engine nor server.</summary>
/// <param name="Inputs">The inputs of the fingerprint, from which a later run tells what changed.</param>
public sealed record BuildRecord(string Image, string Fingerprint, IReadOnlyList<Input> Inputs, IReadOnlyList<Artifact> Artifacts);

[JsonSerializable(typeof(BuildRecord))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
sealed partial class BuildRecordJson : JsonSerializerContext;
