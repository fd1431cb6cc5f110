namespace Debyard.Pipeline.Setup;

/// <summary>Decides what <c>Setup</c> does on a machine.</summary>
public static class SetupPlan
{
    const string PackageManager = "apt-get";

    /// <summary>The programs that the targets run, and the Debian packages that contain them.</summary>
    static readonly (string Program, string[] Packages)[] programs =
    [
        ("docker", ["docker.io"]),
        ("mmdebstrap", ["mmdebstrap"]),
        ("gpg", ["gpg", "gpg-agent"]),
        ("git", ["git"]),
        ("strace", ["strace"]),
        ("dput", ["dput"]),
        // The tests compare packages with what these read.
        ("lintian", ["lintian", "python3-debian"]),
    ];

    // Containers have no network without iptables, which docker.io only recommends.
    static readonly (string Program, string[] Packages)[] enginePrograms = [("dockerd", ["docker.io"]), ("iptables", ["iptables"])];

    // To run other architectures: emulators, their registration with the kernel, and what mmdebstrap asks whether that works.
    static readonly (string Program, string[] Packages)[] emulationPrograms =
    [
        ("qemu-aarch64-static", ["qemu-user-static"]),
        ("update-binfmts", ["binfmt-support"]),
        ("arch-test", ["arch-test"]),
    ];

    /// <summary>The programs that a plan depends on.</summary>
    public static IEnumerable<string> Programs =>
        [PackageManager, .. programs.Concat(enginePrograms).Concat(emulationPrograms).Select(needed => needed.Program)];

    /// <summary>The actions in their order; none if the machine is ready.</summary>
    /// <param name="machine">What the machine has.</param>
    /// <param name="emulates">Whether it must run other architectures.</param>
    public static IEnumerable<SetupAction> For(MachineState machine, bool emulates = false)
    {
        if (MissingPackages(machine, emulates) is { Count: > 0 } packages)
        {
            if (CannotInstall(machine, packages) is { } reason)
            {
                yield return new SetupAction.Fail(reason);
                yield break;
            }
            yield return new SetupAction.Install(packages);
        }
        if (!machine.HasEngine)
        {
            yield return CannotStartEngine(machine) is { } reason
                ? new SetupAction.Fail(reason)
                : new SetupAction.StartEngine(machine.IsSystemd);
        }
    }

    static List<string> MissingPackages(MachineState machine, bool emulates) =>
        [
            .. programs
                .Concat(emulates ? emulationPrograms : [])
                .Concat(machine is { HasEngine: false, IsEngineLocal: true } ? enginePrograms : [])
                .Where(needed => !machine.Programs.Contains(needed.Program))
                .SelectMany(needed => needed.Packages)
                .Distinct(),
        ];

    static string? CannotInstall(MachineState machine, IReadOnlyList<string> packages) =>
        !machine.Programs.Contains(PackageManager)
            ? $"Some programs are missing. Install what corresponds to these Debian packages on this system: {string.Join(", ", packages)}."
        : !machine.IsRoot
            ? "Some programs are missing, and only root can install them: "
                + $"sudo apt-get install --no-install-recommends {string.Join(' ', packages)}"
        : null;

    static string? CannotStartEngine(MachineState machine) =>
        !machine.IsEngineLocal
            ? $"DOCKER_HOST is {machine.EngineAddress}, and no engine answers there: "
                + "start that engine, or unset DOCKER_HOST to start one on this machine."
        : !machine.IsRoot
            ? "No Docker engine answers, and only root can start it: `sudo systemctl start docker`. "
                + "If it is already running, join its group with `sudo adduser $USER docker`, then log in again."
        : null;
}
