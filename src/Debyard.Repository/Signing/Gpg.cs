using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Signing;

/// <summary>gpg with an agent of our own: it lives as long as the child it was started with, and that one as long as we do.</summary>
sealed class Gpg : IDisposable
{
    static readonly TimeSpan timeToEnd = TimeSpan.FromSeconds(10);

    readonly string home;
    readonly Process agent;

    Gpg(string home, Process agent) => (this.home, this.agent) = (home, agent);

    /// <exception cref="RepositoryUnavailableException">gpg-agent is missing, or does not start.</exception>
    public static Gpg Start(string home)
    {
        var end = Environment.TickCount64 + (long)timeToEnd.TotalMilliseconds;
        while (true)
        {
            var (agent, said) = Listen(home);
            if (said is null)
                return new Gpg(home, agent);
            agent.Dispose();
            // The root is ours alone, so it is a killed server's, which looks for the end of its child but once a minute.
            if (!said.Contains("already running", StringComparison.Ordinal) || Environment.TickCount64 > end)
                throw new RepositoryUnavailableException($"gpg-agent does not start for {home}: {said}");
            EndAgent(home);
            Thread.Sleep(10);
        }
    }

    // The agent and null, or what it says instead of listening.
    static (Process, string?) Listen(string home)
    {
        var agent = Begin("gpg-agent", ["--homedir", home, "--quiet", "--disable-scdaemon", "--daemon", "--", "cat"]);
        // The agent listens before it starts the child: what is echoed came after that.
        try
        {
            agent.StandardInput.WriteLine();
            agent.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended already; it says why.
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
        var said = (await errors).Trim();
        // It locks its home with a file of its own.
        throw said.Contains("No space left on device", StringComparison.Ordinal)
            ? Posix.Error($"gpg in {home}", Posix.ENOSPC)
            : new RepositoryUnavailableException($"gpg cannot sign or make a key in {home} (exit {process.ExitCode}): {said}");
    }

    public void Dispose()
    {
        EndAgent(home);
        agent.StandardInput.Close();
        agent.StandardError.ReadToEnd();
        agent.WaitForExit();
        agent.Dispose();
    }

    // Ctrl-C goes to the whole process group: what is being published then must still be signed. The agent closes its
    // standard error; a copy of it stays open as long as the agent lives, so its end is the agent's.
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
        catch (Win32Exception fault)
        {
            throw new RepositoryUnavailableException($"{command} cannot be started: {fault.Message}", fault);
        }
    }
}
