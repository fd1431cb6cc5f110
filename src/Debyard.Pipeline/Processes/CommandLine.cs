using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Debyard.Pipeline.Processes;

/// <summary>A program with its arguments, started without a shell.</summary>
public sealed partial class CommandLine(string program, IReadOnlyList<string> arguments)
{
    static readonly TimeSpan TerminationTimeout = TimeSpan.FromSeconds(10);
    static readonly TimeSpan SignalDelay = TimeSpan.FromMilliseconds(250);

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Runs the program to its end; <paramref name="line"/> receives each line of output and error.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="PipelineException">The program is not installed.</exception>
    public async Task<int> RunAsync(Action<string> line, CancellationToken cancellation)
    {
        using var process = Start();
        await using var _ = cancellation.Register(() => Task.Run(() => Terminate(process))).ConfigureAwait(false);
        var sync = new Lock();
        async Task Read(StreamReader reader)
        {
            while (await reader.ReadLineAsync(CancellationToken.None) is { } text)
            {
                lock (sync)
                {
                    line(text);
                }
            }
        }
        process.StandardInput.Close();
        await Task.WhenAll(Read(process.StandardOutput), Read(process.StandardError));
        await process.WaitForExitAsync(CancellationToken.None);
        if (process.ExitCode != 0)
        {
            // Ctrl-C goes to the whole process group: the program may end before this process handles the signal.
            await Task.Delay(SignalDelay, cancellation);
        }
        cancellation.ThrowIfCancellationRequested();
        return process.ExitCode;
    }

    /// <summary>Runs an interactive program on this process's own terminal.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="PipelineException">The program is not installed.</exception>
    public async Task<int> AttachAsync(CancellationToken cancellation)
    {
        using var process = Start(isAttached: true);
        await using var _ = cancellation.Register(() => Task.Run(() => Terminate(process))).ConfigureAwait(false);
        await process.WaitForExitAsync(CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        return process.ExitCode;
    }

    /// <summary>Reads the output of a short command; false if it is not installed or fails.</summary>
    public static bool TryRead(string program, IReadOnlyList<string> arguments, out string output)
    {
        output = "";
        try
        {
            using var process = new CommandLine(program, arguments).Start();
            process.StandardInput.Close();
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (PipelineException)
        {
            return false;
        }
    }

    /// <summary>The command as the user can type it in a shell.</summary>
    public override string ToString() => string.Join(' ', arguments.Prepend(program).Select(Quote));

    static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=@%+,~".Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    Process Start(bool isAttached = false)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = !isAttached,
            RedirectStandardOutput = !isAttached,
            RedirectStandardError = !isAttached,
        };
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new PipelineException(
                $"{program} cannot be started ({exception.Message}): `./build.sh Setup` installs missing programs.",
                exception
            );
        }
    }

    // SIGTERM first, so that the program can clean up.
    static void Terminate(Process process)
    {
        try
        {
            if (OperatingSystem.IsWindows() || Kill(process.Id, 15) != 0 || !process.WaitForExit(TerminationTimeout))
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (InvalidOperationException)
        {
            // It has already exited.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
