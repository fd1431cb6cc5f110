using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Debyard.Server.Tests.Faults;

/// <summary>strace(1) on a running process: writes down system calls, or makes one of them fail or kill.</summary>
sealed class Strace : IDisposable
{
    readonly Process process;

    Strace(Process process) => this.process = process;

    public static async Task<Strace> AttachAsync(int processId, params string[] arguments)
    {
        var threads = Directory.EnumerateDirectories($"/proc/{processId}/task").Select(Path.GetFileName).ToList();
        var process = Process.Start(
            new ProcessStartInfo("strace", [.. arguments, .. threads.SelectMany(thread => new[] { "-p", thread! })])
            {
                RedirectStandardError = true,
            }
        )!;
        // It says so for each thread it has attached.
        for (var attached = 0; attached < threads.Count; attached++)
        {
            if (await process.StandardError.ReadLineAsync() is not { } line || !line.EndsWith(" attached", StringComparison.Ordinal))
                throw new InvalidOperationException($"strace cannot attach to {processId}: {await process.StandardError.ReadToEndAsync()}");
        }
        return new Strace(process);
    }

    /// <summary>Lets the process go on without it, if it still lives.</summary>
    public async Task DetachAsync()
    {
        const int interrupt = 2;
        _ = Kill(process.Id, interrupt);
        await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }
        process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    static extern int Kill(int process, int signal);
}
