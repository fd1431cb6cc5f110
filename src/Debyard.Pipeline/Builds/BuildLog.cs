using System.Text.RegularExpressions;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Builds;

/// <summary>All that the building of one image prints, in a file of its own: <c>output/logs/&lt;image&gt;.log</c>.</summary>
sealed partial class BuildLog : IDisposable
{
    const int TailLength = 25;

    readonly Image image;
    readonly string path;
    readonly StreamWriter writer;
    readonly Queue<string> tail = new();
    string step = "starting";

    public BuildLog(Image image, string folder)
    {
        this.image = image;
        Directory.CreateDirectory(folder);
        path = Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(folder, image.Id.Replace('/', '-') + ".log"));
        writer = new StreamWriter(path) { AutoFlush = true };
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
                $"{image.Id} cannot be built. The last lines of {path}:\n{string.Join('\n', tail.Select(line => "  | " + line))}\n"
                + $"The command was (exit code {exitCode}):\n  {again}{Remedy()}");
        }
    }

    void Write(string line)
    {
        writer.WriteLine(line);
        if (StepLine.Match(line) is { Success: true } match)
        {
            step = match.Value;
        }
        tail.Enqueue(line);
        if (tail.Count > TailLength)
        {
            tail.Dequeue();
        }
    }

    string Remedy() =>
        tail.Any(line => line.Contains("No space left on device", StringComparison.OrdinalIgnoreCase))
            ? "\nThe disk is full: `docker image prune` and `docker builder prune` free what is no longer used."
            : "";

    public void Dispose() => writer.Dispose();
}
