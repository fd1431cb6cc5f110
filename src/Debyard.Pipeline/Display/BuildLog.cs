using System.Diagnostics;
using System.Text.RegularExpressions;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Masking;
using Debyard.Pipeline.Processes;

namespace Debyard.Pipeline.Display;

/// <summary>The complete output of one image's build, without secrets, as the file <c>output/logs/&lt;image&gt;.log</c>.</summary>
public sealed partial class BuildLog : IDisposable
{
    // Lines that an error message shows, and lines that a GitLab job's log gets.
    const int TailLength = 25;
    const int MostLines = 200;

    readonly StreamWriter writer;
    readonly SecretMask mask;
    readonly Stopwatch clock = Stopwatch.StartNew();
    readonly Queue<string> tail = new();
    string step = "starting";
    int count;

    BuildLog(Image image, string path, StreamWriter writer, SecretMask mask) =>
        (Image, Path, this.writer, this.mask) = (image, path, writer, mask);

    /// <summary>Creates the file in <paramref name="folder"/>; replaces that of the image's last build.</summary>
    public static BuildLog Create(Image image, string folder, SecretMask mask)
    {
        Directory.CreateDirectory(folder);
        var path = System.IO.Path.GetRelativePath(
            Environment.CurrentDirectory,
            System.IO.Path.Combine(folder, image.Id.Replace('/', '-') + ".log")
        );
        return new BuildLog(image, path, new StreamWriter(path) { AutoFlush = true }, mask);
    }

    public Image Image { get; }

    /// <summary>The path of the file, relative to the working directory.</summary>
    public string Path { get; }

    public DateTimeOffset Begun { get; } = DateTimeOffset.UtcNow;

    public TimeSpan Elapsed => clock.Elapsed;

    public bool HasFailed { get; set; }

    /// <summary>The number of lines so far, and the last 200 of them.</summary>
    public (int Count, IReadOnlyList<string> Last) Lines
    {
        get
        {
            lock (tail)
            {
                return (count, [.. tail]);
            }
        }
    }

    /// <summary>The last line that tells what the build is doing.</summary>
    public string Step => step.Length > 100 ? step[..100] + "…" : step;

    // The steps of the classic builder, of BuildKit and of mmdebstrap.
    [GeneratedRegex(@"^(Step \d+/\d+ : .+|#\d+ \[.*\d+/\d+\] .+|I: .+)")]
    private static partial Regex StepLine { get; }

    public Task RunAsync(CommandLine command, CancellationToken cancellation) => RunAsync(command, command, cancellation);

    /// <param name="command">The command to run.</param>
    /// <param name="shown">The command that the user can type to repeat it.</param>
    /// <param name="cancellation">Stops the command.</param>
    /// <exception cref="PipelineException">The command failed.</exception>
    public async Task RunAsync(CommandLine command, CommandLine shown, CancellationToken cancellation)
    {
        var repeatable = mask.Apply(shown.ToString());
        await writer.WriteLineAsync($"$ {repeatable}");
        var exitCode = await command.RunAsync(Write, cancellation);
        if (exitCode != 0)
        {
            throw new PipelineException(
                $"{Image.Id} cannot be built. The last lines of {Path}:\n"
                    + $"{string.Join('\n', tail.TakeLast(TailLength).Select(line => "  | " + line))}\n"
                    + $"The command was (exit code {exitCode}):\n  {repeatable}{Remedy()}"
            );
        }
    }

    public void Write(string line)
    {
        line = mask.Apply(line);
        writer.WriteLine(line);
        if (StepLine.Match(line) is { Success: true } match)
        {
            step = match.Value;
        }
        lock (tail)
        {
            count++;
            tail.Enqueue(line);
            if (tail.Count > MostLines)
            {
                tail.Dequeue();
            }
        }
    }

    string Remedy() =>
        HasPrinted("No space left on device")
            ? "\nThe disk is full: free unused space with `docker image prune` and `docker builder prune`."
        : HasPrinted("Cannot connect to the Docker daemon") || HasPrinted("error during connect") || HasPrinted("unexpected EOF")
            ? "\nThe connection to the Docker engine was lost: start the engine and run again; finished images are kept."
        : "";

    bool HasPrinted(string text) => tail.TakeLast(TailLength).Any(line => line.Contains(text, StringComparison.OrdinalIgnoreCase));

    public void Dispose() => writer.Dispose();
}
