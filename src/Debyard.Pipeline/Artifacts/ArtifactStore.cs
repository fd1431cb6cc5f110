using System.Text.Json;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Artifacts;

/// <summary>
/// The artifacts of images built here, by fingerprint:
/// <c>output/artifacts/&lt;name&gt;/&lt;architecture&gt;/&lt;fingerprint&gt;/{*.deb,record.json}</c>.
/// Artifacts of older fingerprints stay, so returning to an earlier commit builds nothing.
/// </summary>
public sealed class ArtifactStore(string root)
{
    const string RecordName = "record.json";

    /// <summary>The record of the image with this fingerprint; null if there is none or its files are missing.</summary>
    public BuildRecord? Find(Image image) =>
        Read(Folder(image)) is { } record
        && record.Fingerprint == image.Fingerprint.Value
        && record.Artifacts.All(artifact =>
            new FileInfo(PathOf(image, artifact)) is { Exists: true } file && file.Length == artifact.Digests.Size
        )
            ? record
            : null;

    /// <summary>The newest record of the image, whatever its fingerprint.</summary>
    public BuildRecord? Latest(Image image)
    {
        var versions = new DirectoryInfo(Path.GetDirectoryName(Folder(image))!);
        return !versions.Exists
            ? null
            : versions
                .EnumerateDirectories()
                .OrderByDescending(folder => folder.LastWriteTimeUtc)
                .Select(folder => Read(folder.FullName))
                .FirstOrDefault(record => record?.Image == image.Id);
    }

    /// <summary>The record of the image with another fingerprint; null if there is none.</summary>
    public BuildRecord? Earlier(Image image, string fingerprint) =>
        fingerprint.Length < Fingerprint.BriefLength ? null
        : Read(Path.Combine(Path.GetDirectoryName(Folder(image))!, fingerprint[..Fingerprint.BriefLength])) is { } record
        && record.Fingerprint == fingerprint
            ? record
        : null;

    public string PathOf(Image image, Artifact artifact) => Path.Combine(Folder(image), artifact.FileName);

    /// <summary>Keeps the files that <paramref name="fill"/> writes into its folder: all of them, or none if it fails.</summary>
    public async Task<BuildRecord> KeepAsync(Image image, Func<string, Task<IReadOnlyList<Artifact>>> fill)
    {
        var folder = Folder(image);
        var draft = folder + ".part";
        DeleteFolder(draft);
        Directory.CreateDirectory(draft);
        try
        {
            var record = new BuildRecord(image.Id, image.Fingerprint.Value, image.Fingerprint.Inputs, await fill(draft));
            await File.WriteAllBytesAsync(
                Path.Combine(draft, RecordName),
                JsonSerializer.SerializeToUtf8Bytes(record, BuildRecordJson.Default.BuildRecord)
            );
            DeleteFolder(folder);
            Directory.Move(draft, folder);
            return record;
        }
        finally
        {
            DeleteFolder(draft);
        }
    }

    string Folder(Image image) => Path.Combine(root, image.Name, image.Architecture.ToString(), image.Fingerprint.Brief);

    static BuildRecord? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, RecordName)), BuildRecordJson.Default.BuildRecord);
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            // There is no record, or it is damaged: the image counts as not built.
            return null;
        }
    }

    static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
