using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Signing;

/// <summary>
/// gpg with its own gpg-agent. The agent was started with a child, <c>cat</c>, and ends after it; the child ends when this process does.
/// </summary>
sealed class Gpg : IDisposable
{
    static readonly TimeSpan agentTimeout = TimeSpan.FromSeconds(10);

    readonly string home;
    readonly Process agent;

    Gpg(string home, Process agent) => (this.home, this.agent) = (home, agent);

    /// <exception cref="RepositoryUnavailableException">gpg-agent is missing or does not start.</exception>
    public static Gpg Start(string home)
    {
        var end = Environment.TickCount64 + (long)agentTimeout.TotalMilliseconds;
        while (true)
        {
            var (agent, error) = Listen(home);
            if (error is null)
                return new Gpg(home, agent);
            agent.Dispose();
            // Only one server uses this root, so a running agent belongs to a killed one; the agent checks for its child once a minute.
            if (!error.Contains("already running", StringComparison.Ordinal) || Environment.TickCount64 > end)
                throw new RepositoryUnavailableException($"gpg-agent does not start for {home}: {error}");
            EndAgent(home);
            Thread.Sleep(10);
        }
    }

    // Returns the agent, and its error message if it does not listen.
    static (Process, string?) Listen(string home)
    {
        var agent = Begin("gpg-agent", ["--homedir", home, "--quiet", "--disable-scdaemon", "--daemon", "--", "cat"]);
        // The agent listens before it starts the child, so it is ready once the child echoes a line.
        try
        {
            agent.StandardInput.WriteLine();
            agent.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has already exited; its standard error says why.
        }
        return (agent, agent.StandardOutput.Read() < 0 ? agent.StandardError.ReadToEnd().Trim() : null);
    }

    static void EndAgent(string home)
    {
        using var stop = Begin("gpgconf", ["--homedir", home, "--kill", "gpg-agent"]);
        stop.StandardInput.Close();
        stop.WaitForExit();
    }

    public string Run(params string[] arguments) => Encoding.UTF8.GetString(RunAsync(arguments, []).GetAwaiter().GetResult());

    public async Task<byte[]> RunAsync(string[] arguments, byte[] input)
    {
        using var process = Begin(
            "gpg",
            ["--homedir", home, "--batch", "--no-tty", "--quiet", "--no-autostart", "--pinentry-mode", "loopback", .. arguments]
        );
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.StandardInput.BaseStream.WriteAsync(input);
        process.StandardInput.Close();
        await reading;
        await process.WaitForExitAsync();
        if (process.ExitCode == 0)
            return output.ToArray();
        var error = (await errors).Trim();
        // gpg writes a lock file in its home folder.
        throw error.Contains("No space left on device", StringComparison.Ordinal)
            ? Posix.Error($"gpg in {home}", Posix.ENOSPC)
            : new RepositoryUnavailableException($"gpg cannot sign or make a key in {home} (exit {process.ExitCode}): {error}");
    }

    public void Dispose()
    {
        EndAgent(home);
        agent.StandardInput.Close();
        agent.StandardError.ReadToEnd();
        agent.WaitForExit();
        agent.Dispose();
    }

    // Ctrl-C goes to the whole process group, but a publish in progress must still be signed, so SIGINT is ignored. The agent closes its
    // standard error; descriptor 3, a copy, stays open until the agent exits, so reading to its end waits for the exit.
    static Process Begin(string command, string[] arguments)
    {
        try
        {
            return Process.Start(
                new ProcessStartInfo("sh", ["-c", "trap '' INT; exec \"$0\" \"$@\" 3>&2", command, .. arguments])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                    Environment = { ["LC_ALL"] = "C" },
                }
            )!;
        }
        catch (Win32Exception exception)
        {
            throw new RepositoryUnavailableException($"{command} cannot be started: {exception.Message}", exception);
        }
    }
}
