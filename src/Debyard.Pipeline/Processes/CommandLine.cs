using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Debyard.Pipeline.Processes;

/// <summary>A program started with exact arguments, no shell between.</summary>
public sealed partial class CommandLine(string program, IReadOnlyList<string> arguments)
{
    static readonly TimeSpan PatienceAfterTerminate = TimeSpan.FromSeconds(10);
    static readonly TimeSpan UntilSignalsAreHeard = TimeSpan.FromMilliseconds(250);

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Runs to the end; each line of output and error goes to <paramref name="line"/>.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="PipelineException">The program is not installed.</exception>
    public async Task<int> RunAsync(Action<string> line, CancellationToken cancellation)
    {
        using var process = Start();
        await using var _ = cancellation.Register(() => Task.Run(() => Terminate(process))).ConfigureAwait(false);
        var gate = new Lock();
        async Task Read(StreamReader reader)
        {
            while (await reader.ReadLineAsync(CancellationToken.None) is { } text)
            {
                lock (gate)
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
            // Ctrl-C goes to the whole process group, and the program may end of it before it is heard of here.
            await Task.Delay(UntilSignalsAreHeard, cancellation);
        }
        cancellation.ThrowIfCancellationRequested();
        return process.ExitCode;
    }

    /// <summary>What a short command prints; false where it is not installed or fails.</summary>
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

    /// <summary>As one would type it.</summary>
    public override string ToString() => string.Join(' ', arguments.Prepend(program).Select(Quote));

    static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=@%+,~".Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    Process Start()
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
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
                $"{program} cannot be started ({exception.Message}): `./build.sh Setup` installs what is missing.",
                exception
            );
        }
    }

    // Asked first, so that the program can clean up after itself.
    static void Terminate(Process process)
    {
        try
        {
            if (OperatingSystem.IsWindows() || Kill(process.Id, 15) != 0 || !process.WaitForExit(PatienceAfterTerminate))
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
