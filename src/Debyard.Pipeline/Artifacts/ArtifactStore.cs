using System.Text.Json;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Artifacts;

/// <summary>
/// The artifacts of every image built here, each set under the fingerprint of its image:
/// <c>output/artifacts/&lt;name&gt;/&lt;architecture&gt;/&lt;fingerprint&gt;/{*.deb,record.json}</c>. Sets of older fingerprints stay, so that
/// going back to an earlier commit builds nothing.
/// </summary>
public sealed class ArtifactStore(string root)
{
    const string RecordName = "record.json";

    /// <summary>The record of exactly this image, or null where it has to be built (or its files have gone).</summary>
    public BuildRecord? Find(Image image) =>
        Read(Folder(image)) is { } record
        && record.Fingerprint == image.Fingerprint.Value
        && record.Artifacts.All(artifact =>
            new FileInfo(PathOf(image, artifact)) is { Exists: true } file && file.Length == artifact.Digests.Size
        )
            ? record
            : null;

    /// <summary>The record made last of an image of this name, whatever it was made of.</summary>
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

    /// <summary>The record of an image of this name made under another fingerprint; null where there is none.</summary>
    public BuildRecord? Earlier(Image image, string fingerprint) =>
        fingerprint.Length < Fingerprint.BriefLength ? null
        : Read(Path.Combine(Path.GetDirectoryName(Folder(image))!, fingerprint[..Fingerprint.BriefLength])) is { } record
        && record.Fingerprint == fingerprint
            ? record
        : null;

    public string PathOf(Image image, Artifact artifact) => Path.Combine(Folder(image), artifact.FileName);

    /// <summary>Keeps what <paramref name="fill"/> puts into the folder it is given. Either the whole set is kept, or nothing.</summary>
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
            // No record, or half of one: as if it had never been built.
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
