using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Validation.Services;

namespace Debyard.Pipeline.Validation;

/// <summary>What is kept of a container in which something failed: <c>output/validation/&lt;fingerprint&gt;/&lt;suite&gt;/</c>.</summary>
public sealed class Evidence(string folder, Func<string, string> mask)
{
    public string Folder => folder;

    /// <summary>Deletes what an earlier validation of the same candidate kept.</summary>
    public void Clear()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Keeps the services' logs, the journal, and the files that differ from the image.</summary>
    public async Task KeepAsync(EngineContainer container, RunningServices? services, string suite, CancellationToken cancellation)
    {
        var target = Path.Combine(folder, suite);
        Directory.CreateDirectory(target);
        if (services is { Names.Count: > 0 })
        {
            await WriteAsync("service.log", await services.ReadLogsAsync(cancellation));
        }
        if (await container.IsRunningAsync(cancellation))
        {
            var journal = await container.RunAsync(["journalctl", "--quiet", "--no-pager", "--boot"], cancellation);
            if (journal.ExitCode == 0 && journal.Output.Length > 0)
            {
                await WriteAsync("journal.log", journal.Output);
            }
        }
        await WriteAsync("changes.txt", string.Concat((await container.ReadChangesAsync(cancellation)).Select(change => $"{change}\n")));

        Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(target, name), mask(text), cancellation);
    }
}
