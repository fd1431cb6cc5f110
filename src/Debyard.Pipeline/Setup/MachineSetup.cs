using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Processes;

namespace Debyard.Pipeline.Setup;

/// <summary>
/// Makes this machine able to run everything: programs from Debian's packages, an engine that answers. Doing it again does
/// nothing. Where it may not or cannot, it says exactly what to install.
/// </summary>
public sealed class MachineSetup(Action<string> say)
{
    const string EngineLog = "/var/log/dockerd.log";
    static readonly TimeSpan EnginePatience = TimeSpan.FromSeconds(60);

    /// <summary>What the targets call, and the Debian packages that bring it.</summary>
    static readonly (string Program, string[] Packages)[] Needed =
    [
        ("docker", ["docker.io"]),
        ("mmdebstrap", ["mmdebstrap"]),
        ("gpg", ["gpg", "gpg-agent"]),
        ("git", ["git"]),
        ("strace", ["strace"]),
    ];

    // Without iptables the engine cannot give containers a network; the package only recommends it.
    static readonly (string Program, string[] Packages)[] NeededByEngine = [("dockerd", ["docker.io"]), ("iptables", ["iptables"])];

    /// <exception cref="PipelineException">Something is missing that cannot be installed from here.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var engine = await DockerEngine.TryConnectAsync(cancellation);
        var missing = Missing(engine is null && EngineIsLocal ? [.. Needed, .. NeededByEngine] : Needed);
        if (missing.Count > 0)
        {
            await InstallAsync(missing, cancellation);
        }
        if (engine is null)
        {
            await StartEngineAsync(cancellation);
        }
        if (missing.Count == 0 && engine is not null)
        {
            say("nothing to do: the engine answers, and all programs are installed");
        }
    }

    static bool EngineIsLocal => DockerEngine.Address.Scheme == "unix";

    static bool IsRoot => Environment.UserName == "root";

    static List<string> Missing(IEnumerable<(string Program, string[] Packages)> needed) =>
        [.. needed.Where(each => !IsInstalled(each.Program)).SelectMany(each => each.Packages).Distinct()];

    static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Concat(["/usr/sbin", "/sbin"])
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    async Task InstallAsync(IReadOnlyList<string> packages, CancellationToken cancellation)
    {
        var command = $"apt-get install --no-install-recommends {string.Join(' ', packages)}";
        if (!IsRoot || !IsInstalled("apt-get"))
        {
            throw new PipelineException(
                IsInstalled("apt-get")
                    ? $"This machine lacks some programs, and only root may install them: sudo {command}"
                    : $"This machine lacks what Debian's packages {string.Join(", ", packages)} bring: install their like from this system's own packages."
            );
        }
        say($"installing {string.Join(", ", packages)}");
        var apt = new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive" };
        await RunAsync(new CommandLine("apt-get", ["-q", "update"]) { Environment = apt }, cancellation);
        await RunAsync(
            new CommandLine("apt-get", ["-q", "-y", "install", "--no-install-recommends", .. packages]) { Environment = apt },
            cancellation
        );
    }

    static async Task RunAsync(CommandLine command, CancellationToken cancellation)
    {
        var output = new List<string>();
        if (await command.RunAsync(output.Add, cancellation) is not 0 and var exitCode)
        {
            throw new PipelineException(
                $"`{command}` ended with {exitCode}:\n{string.Join('\n', output.TakeLast(15).Select(line => "  | " + line))}"
            );
        }
    }

    async Task StartEngineAsync(CancellationToken cancellation)
    {
        if (!EngineIsLocal)
        {
            throw new PipelineException(
                $"DOCKER_HOST is {DockerEngine.Address}, and no engine answers there: start it, or unset DOCKER_HOST to have one started here."
            );
        }
        if (!IsRoot)
        {
            throw new PipelineException(
                "No Docker engine answers, and only root may start one: `sudo systemctl start docker`. If one runs already, join its group: `sudo adduser $USER docker`, then log in again."
            );
        }
        var isSystemd = Directory.Exists("/run/systemd/system");
        say(isSystemd ? "starting the engine (systemctl start docker)" : $"starting the engine (dockerd, log in {EngineLog})");
        await RunAsync(
            isSystemd
                ? new CommandLine("systemctl", ["start", "docker"])
                // A session of its own: the engine outlives this run, and Ctrl-C is not for it.
                : new CommandLine("setsid", ["--fork", "sh", "-c", $"exec dockerd >>{EngineLog} 2>&1 </dev/null"]),
            cancellation
        );
        await WaitForEngineAsync(isSystemd ? "journalctl -u docker" : EngineLog, cancellation);
    }

    async Task WaitForEngineAsync(string log, CancellationToken cancellation)
    {
        var end = Environment.TickCount64 + (long)EnginePatience.TotalMilliseconds;
        while (Environment.TickCount64 < end)
        {
            using var engine = await DockerEngine.TryConnectAsync(cancellation);
            if (engine is not null)
            {
                say("the engine answers");
                return;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
        }
        throw new PipelineException($"The engine was started but does not answer after {EnginePatience.TotalSeconds:0} s: see {log}.");
    }
}
