using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Repository;

namespace Debyard.Pipeline.Validation;

/// <summary>
/// Packages to validate before they are published, with all that the validation depends on. A verdict is valid for exactly these
/// packages, dependencies, base and checks.
/// </summary>
public sealed record Candidate(Manifest Manifest, IReadOnlyList<PackageFile> Packages, IReadOnlyList<PackageFile> Dependencies, Image Base)
{
    readonly Dictionary<string, byte[]> contents = [];

    public ValidationPlan Plan => Manifest.Validation!;

    /// <summary>The fingerprint that a verdict is kept for.</summary>
    public Fingerprint Fingerprint =>
        field ??= Fingerprint.Over(
            Files("package", Packages)
                .Concat(Files("dependency", Dependencies))
                .Append(new Input("base", Base.Fingerprint.Value))
                .Append(new Input("validation", JsonSerializer.Serialize(Plan, PlanJson.Default.ValidationPlan)))
                .Concat(Plan.SourceFiles.Select(file => new Input(file, Convert.ToHexStringLower(SHA256.HashData(Content(file))))))
        );

    /// <summary>A file beside the manifest. It is read once, so that edits during the run do not get into the validation.</summary>
    public byte[] Content(string file)
    {
        if (!contents.TryGetValue(file, out var content))
        {
            contents[file] = content = File.ReadAllBytes(Path.Combine(Manifest.Directory, file));
        }
        return content;
    }

    static IEnumerable<Input> Files(string kind, IReadOnlyList<PackageFile> files) =>
        files
            .OrderBy(file => file.FileName, StringComparer.Ordinal)
            .Select(file => new Input($"{kind} {file.FileName}", file.Digests.Sha256.ToString()));
}

// Every key of the section is in the fingerprint, because the records are serialized as a whole.
[JsonSerializable(typeof(ValidationPlan))]
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
sealed partial class PlanJson : JsonSerializerContext;
