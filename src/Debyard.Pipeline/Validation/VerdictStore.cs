using System.Text.Json;
using System.Text.Json.Serialization;

namespace Debyard.Pipeline.Validation;

/// <summary>A candidate that passed. Failures are not kept: the next run validates again.</summary>
public sealed record Verdict(string Fingerprint, IReadOnlyDictionary<string, string> Packages, int Checks, DateTimeOffset Passed);

/// <summary>The verdicts of this workspace: <c>output/validation/&lt;fingerprint&gt;.json</c>.</summary>
public sealed class VerdictStore(string root, TimeProvider time)
{
    /// <summary>The folder that has the verdicts.</summary>
    public string Folder => root;

    public Verdict? Find(Candidate candidate)
    {
        try
        {
            return
                JsonSerializer.Deserialize(File.ReadAllBytes(PathOf(candidate)), VerdictJson.Default.Verdict) is { } verdict
                && verdict.Fingerprint == candidate.Fingerprint.Value
                ? verdict
                : null;
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null;
        }
    }

    public void Keep(Candidate candidate, int checks)
    {
        Directory.CreateDirectory(root);
        var verdict = new Verdict(
            candidate.Fingerprint.Value,
            candidate.Packages.ToDictionary(file => file.FileName, file => file.Digests.Sha256.ToString()),
            checks,
            time.GetUtcNow()
        );
        var draft = PathOf(candidate) + ".part";
        File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(verdict, VerdictJson.Default.Verdict));
        File.Move(draft, PathOf(candidate), overwrite: true);
    }

    string PathOf(Candidate candidate) => Path.Combine(root, candidate.Fingerprint.Value[..16] + ".json");
}

[JsonSerializable(typeof(Verdict))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
sealed partial class VerdictJson : JsonSerializerContext;
