using System.Text.Json;
using System.Text.Json.Serialization;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Builds;

/// <summary>How long each image took to build the last time, in a file: what the scheduler plans with.</summary>
public sealed class BuildDurations
{
    readonly string path;
    readonly Lock gate = new();
    readonly Dictionary<string, double> seconds;

    public BuildDurations(string path)
    {
        this.path = path;
        try
        {
            seconds = JsonSerializer.Deserialize(File.ReadAllBytes(path), DurationsJson.Default.DictionaryStringDouble) ?? [];
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            // Nothing is known yet, or half of a file is: then every image counts the same.
            seconds = [];
        }
    }

    /// <summary>The last duration; of an image never built, the mean of the others.</summary>
    public TimeSpan Of(Image image)
    {
        lock (gate)
        {
            return TimeSpan.FromSeconds(seconds.TryGetValue(image.Id, out var known) ? known : seconds.Count > 0 ? seconds.Values.Average() : 1);
        }
    }

    public void Remember(Image image, TimeSpan duration)
    {
        lock (gate)
        {
            seconds[image.Id] = Math.Round(duration.TotalSeconds, 1);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path + ".part", JsonSerializer.SerializeToUtf8Bytes(seconds, DurationsJson.Default.DictionaryStringDouble));
            File.Move(path + ".part", path, overwrite: true);
        }
    }
}

[JsonSerializable(typeof(Dictionary<string, double>))]
[JsonSourceGenerationOptions(WriteIndented = true)]
sealed partial class DurationsJson : JsonSerializerContext;
