using System.Diagnostics;
using System.Text.RegularExpressions;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Processes;

namespace Debyard.Pipeline.Display;

/// <summary>All that the building of one image prints, in a file of its own: <c>output/logs/&lt;image&gt;.log</c>.</summary>
public sealed partial class BuildLog : IDisposable
{
    // What a failure shows, and what is kept of all lines for a job's log.
    const int TailLength = 25;
    const int MostLines = 200;

    readonly StreamWriter writer;
    readonly Stopwatch clock = Stopwatch.StartNew();
    readonly Queue<string> tail = new();
    string step = "starting";
    int count;

    public BuildLog(Image image, string folder)
    {
        Image = image;
        Directory.CreateDirectory(folder);
        Path = System.IO.Path.GetRelativePath(
            Environment.CurrentDirectory,
            System.IO.Path.Combine(folder, image.Id.Replace('/', '-') + ".log")
        );
        writer = new StreamWriter(Path) { AutoFlush = true };
    }

    public Image Image { get; }

    /// <summary>The file, relative to the working directory.</summary>
    public string Path { get; }

    public DateTimeOffset Begun { get; } = DateTimeOffset.UtcNow;

    public TimeSpan Elapsed => clock.Elapsed;

    public bool HasFailed { get; set; }

    /// <summary>How many lines there were, and the last of them.</summary>
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

    /// <summary>What is being done: the builder's last step, or what mmdebstrap said last.</summary>
    public string Step => step.Length > 100 ? step[..100] + "…" : step;

    // The classic builder's steps, BuildKit's, and mmdebstrap's.
    [GeneratedRegex(@"^(Step \d+/\d+ : .+|#\d+ \[.*\d+/\d+\] .+|I: .+)")]
    private static partial Regex StepLine { get; }

    public Task RunAsync(CommandLine command, CancellationToken cancellation) => RunAsync(command, command, cancellation);

    /// <param name="command">What is run.</param>
    /// <param name="again">What a person would type to see the same.</param>
    /// <param name="cancellation">Ends the command.</param>
    /// <exception cref="PipelineException">The command failed.</exception>
    public async Task RunAsync(CommandLine command, CommandLine again, CancellationToken cancellation)
    {
        await writer.WriteLineAsync($"$ {again}");
        var exitCode = await command.RunAsync(Write, cancellation);
        if (exitCode != 0)
        {
            throw new PipelineException(
                $"{Image.Id} cannot be built. The last lines of {Path}:\n{string.Join('\n', tail.TakeLast(TailLength).Select(line => "  | " + line))}\n"
                    + $"The command was (exit code {exitCode}):\n  {again}{Remedy()}"
            );
        }
    }

    public void Write(string line)
    {
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
        Says("No space left on device") ? "\nThe disk is full: `docker image prune` and `docker builder prune` free what is no longer used."
        : Says("Cannot connect to the Docker daemon") || Says("error during connect") || Says("unexpected EOF")
            ? "\nThe Docker engine went away: start it again and repeat; what is built is kept."
        : "";

    bool Says(string text) => tail.TakeLast(TailLength).Any(line => line.Contains(text, StringComparison.OrdinalIgnoreCase));

    public void Dispose() => writer.Dispose();
}
