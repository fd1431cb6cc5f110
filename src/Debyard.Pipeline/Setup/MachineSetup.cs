using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Processes;

namespace Debyard.Pipeline.Setup;

/// <summary>Prepares this machine: installs missing programs and starts the Docker engine. Repeating it does nothing.</summary>
/// <param name="emulates">Whether the machine must run other architectures.</param>
/// <param name="log">Receives what is done.</param>
public sealed class MachineSetup(bool emulates, Action<string> log)
{
    const string EngineLog = "/var/log/dockerd.log";
    const string BinaryFormats = "/proc/sys/fs/binfmt_misc";
    static readonly TimeSpan EngineTimeout = TimeSpan.FromSeconds(60);

    /// <exception cref="PipelineException">Something is missing that only the user can install or start; the message says what.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var actions = SetupPlan.For(await InspectAsync(cancellation), emulates).ToList();
        if (actions.Count == 0)
        {
            log("nothing to do: the engine answers, and all programs are installed");
        }
        foreach (var action in actions)
        {
            await (
                action switch
                {
                    SetupAction.Install install => InstallAsync(install.Packages, cancellation),
                    SetupAction.StartEngine start => StartEngineAsync(start.BySystemd, cancellation),
                    SetupAction.Fail failure => throw new PipelineException(failure.Message),
                    _ => throw new System.Diagnostics.UnreachableException(),
                }
            );
        }
        if (emulates)
        {
            await RegisterEmulatorsAsync(cancellation);
        }
    }

    /// <summary>Registers the emulators with the kernel, where no service does that at boot.</summary>
    async Task RegisterEmulatorsAsync(CancellationToken cancellation)
    {
        if (!File.Exists(Path.Combine(BinaryFormats, "register")))
        {
            log($"mounting {BinaryFormats}");
            await RunAsync(new CommandLine("mount", ["-t", "binfmt_misc", "binfmt_misc", BinaryFormats]), cancellation);
        }
        if (!File.Exists(Path.Combine(BinaryFormats, "qemu-aarch64")) && !File.Exists(Path.Combine(BinaryFormats, "qemu-x86_64")))
        {
            log("registering the emulators (update-binfmts --enable)");
            await RunAsync(new CommandLine("update-binfmts", ["--enable"]), cancellation);
        }
    }

    static async Task<MachineState> InspectAsync(CancellationToken cancellation)
    {
        using var engine = await DockerEngine.TryConnectAsync(cancellation);
        return new MachineState(
            SetupPlan.Programs.Where(IsInstalled).ToHashSet(),
            HasEngine: engine is not null,
            DockerEngine.Address,
            IsRoot: Environment.UserName == "root",
            IsSystemd: Directory.Exists("/run/systemd/system")
        );
    }

    static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Concat(["/usr/sbin", "/sbin"])
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    async Task InstallAsync(IReadOnlyList<string> packages, CancellationToken cancellation)
    {
        log($"installing {string.Join(", ", packages)}");
        var environment = new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive" };
        await RunAsync(new CommandLine("apt-get", ["-q", "update"]) { Environment = environment }, cancellation);
        await RunAsync(
            new CommandLine("apt-get", ["-q", "-y", "install", "--no-install-recommends", .. packages]) { Environment = environment },
            cancellation
        );
    }

    async Task StartEngineAsync(bool bySystemd, CancellationToken cancellation)
    {
        log(bySystemd ? "starting the engine (systemctl start docker)" : $"starting the engine (dockerd, log in {EngineLog})");
        await RunAsync(
            bySystemd
                ? new CommandLine("systemctl", ["start", "docker"])
                // In a session of its own, so that the engine survives this run and its Ctrl-C.
                : new CommandLine("setsid", ["--fork", "sh", "-c", $"exec dockerd >>{EngineLog} 2>&1 </dev/null"]),
            cancellation
        );
        await WaitForEngineAsync(bySystemd ? "journalctl -u docker" : EngineLog, cancellation);
    }

    async Task WaitForEngineAsync(string engineLog, CancellationToken cancellation)
    {
        var end = Environment.TickCount64 + (long)EngineTimeout.TotalMilliseconds;
        while (Environment.TickCount64 < end)
        {
            using var engine = await DockerEngine.TryConnectAsync(cancellation);
            if (engine is not null)
            {
                log("the engine answers");
                return;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
        }
        throw new PipelineException($"The engine was started but does not answer after {EngineTimeout.TotalSeconds:0} s: see {engineLog}.");
    }

    static async Task RunAsync(CommandLine command, CancellationToken cancellation)
    {
        var output = new List<string>();
        if (await command.RunAsync(output.Add, cancellation) is not 0 and var exitCode)
        {
            throw new PipelineException(
                $"`{command}` exited with code {exitCode}:\n{string.Join('\n', output.TakeLast(15).Select(line => "  | " + line))}"
            );
        }
    }
}
