using System.Text.Json;
using System.Text.Json.Serialization;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Builds;

/// <summary>How long each image took to build the last time, in a file. The scheduler takes them as estimates.</summary>
public sealed class BuildDurations(string path)
{
    readonly Lock sync = new();

    Dictionary<string, double> Seconds => field ??= Read(path);

    /// <summary>The last duration; for an image that was never built, the mean of the others.</summary>
    public TimeSpan EstimateFor(Image image)
    {
        lock (sync)
        {
            return TimeSpan.FromSeconds(
                Seconds.TryGetValue(image.Id, out var last) ? last
                : Seconds.Count > 0 ? Seconds.Values.Average()
                : 1
            );
        }
    }

    /// <summary>Adds a duration to the file, which other runs may have changed meanwhile.</summary>
    public void Remember(Image image, TimeSpan duration)
    {
        lock (sync)
        {
            Seconds[image.Id] = Math.Round(duration.TotalSeconds, 1);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var fileLock = LockFile();
            var all = Read(path);
            all[image.Id] = Seconds[image.Id];
            File.WriteAllBytes(path + ".part", JsonSerializer.SerializeToUtf8Bytes(all, DurationsJson.Default.DictionaryStringDouble));
            File.Move(path + ".part", path, overwrite: true);
        }
    }

    // One process at a time reads and replaces the file; that takes milliseconds.
    FileStream LockFile()
    {
        while (true)
        {
            try
            {
                return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException exception) when (IsLocked(exception))
            {
                Thread.Sleep(5);
            }
        }
    }

    // EWOULDBLOCK of flock(2) on Linux and macOS; ERROR_SHARING_VIOLATION on Windows.
    static bool IsLocked(IOException exception) => exception.HResult is 11 or 35 || (exception.HResult & 0xffff) == 32;

    static Dictionary<string, double> Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), DurationsJson.Default.DictionaryStringDouble) ?? [];
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            // There is no file, or it is damaged: all images get the same estimate.
            return [];
        }
    }
}

[JsonSerializable(typeof(Dictionary<string, double>))]
[JsonSourceGenerationOptions(WriteIndented = true)]
sealed partial class DurationsJson : JsonSerializerContext;
