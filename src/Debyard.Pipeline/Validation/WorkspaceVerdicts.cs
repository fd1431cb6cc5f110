using System.Text.Json;
using Debyard.Pipeline.Images;
using Debyard.Protocol;

namespace Debyard.Pipeline.Validation;

/// <summary>The verdicts of this workspace: <c>output/validation/&lt;fingerprint&gt;.json</c>. Failures are not kept.</summary>
public sealed class WorkspaceVerdicts(string folder)
{
    static readonly ProtocolJson readable = new(new JsonSerializerOptions(ProtocolJson.Default.Options) { WriteIndented = true });

    public string Folder => folder;

    public Verdict? Find(Fingerprint fingerprint)
    {
        try
        {
            return
                JsonSerializer.Deserialize(File.ReadAllBytes(PathOf(fingerprint.Value)), ProtocolJson.Default.Verdict) is { } verdict
                && verdict.Fingerprint == fingerprint.Value
                ? verdict
                : null;
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null;
        }
    }

    public void Keep(Verdict verdict)
    {
        Directory.CreateDirectory(folder);
        var path = PathOf(verdict.Fingerprint!);
        File.WriteAllBytes(path + ".part", JsonSerializer.SerializeToUtf8Bytes(verdict, readable.Verdict));
        File.Move(path + ".part", path, overwrite: true);
    }

    string PathOf(string fingerprint) => Path.Combine(folder, fingerprint[..16] + ".json");
}
