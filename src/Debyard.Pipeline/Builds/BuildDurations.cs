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

    public BuildDurations(string path) => (this.path, seconds) = (path, Read(path));

    /// <summary>The last duration; of an image never built, the mean of the others.</summary>
    public TimeSpan Of(Image image)
    {
        lock (gate)
        {
            return TimeSpan.FromSeconds(
                seconds.TryGetValue(image.Id, out var known) ? known
                : seconds.Count > 0 ? seconds.Values.Average()
                : 1
            );
        }
    }

    /// <summary>Keeps it beside what other runs have written meanwhile.</summary>
    public void Remember(Image image, TimeSpan duration)
    {
        lock (gate)
        {
            seconds[image.Id] = Math.Round(duration.TotalSeconds, 1);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var turn = TakeTurn();
            var all = Read(path);
            all[image.Id] = seconds[image.Id];
            File.WriteAllBytes(path + ".part", JsonSerializer.SerializeToUtf8Bytes(all, DurationsJson.Default.DictionaryStringDouble));
            File.Move(path + ".part", path, overwrite: true);
        }
    }

    // One process at a time reads and replaces the file; each needs milliseconds.
    FileStream TakeTurn()
    {
        while (true)
        {
            try
            {
                return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException taken) when (IsTaken(taken))
            {
                Thread.Sleep(5);
            }
        }
    }

    // EWOULDBLOCK of flock(2), as Linux and macOS number it; ERROR_SHARING_VIOLATION.
    static bool IsTaken(IOException exception) => exception.HResult is 11 or 35 || (exception.HResult & 0xffff) == 32;

    static Dictionary<string, double> Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), DurationsJson.Default.DictionaryStringDouble) ?? [];
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            // Nothing is known yet, or half of a file is: then every image counts the same.
            return [];
        }
    }
}

[JsonSerializable(typeof(Dictionary<string, double>))]
[JsonSourceGenerationOptions(WriteIndented = true)]
sealed partial class DurationsJson : JsonSerializerContext;
