using Debyard.Pipeline.Images;
using Docker.DotNet.Models;

namespace Debyard.Pipeline.Engine;

/// <summary>What process 1 of a container is.</summary>
public enum ContainerInit
{
    /// <summary>Docker's small init; the container waits for commands.</summary>
    Docker,

    /// <summary>systemd, with the capability to mount.</summary>
    Systemd,

    /// <summary>systemd in a privileged container, for engines where the capability is not enough.</summary>
    PrivilegedSystemd,
}

/// <summary>A container to create.</summary>
/// <param name="Image">The image that the container belongs to in messages and labels.</param>
/// <param name="Reference">The engine's name of the image to use.</param>
/// <param name="NetworkMode"><c>bridge</c>, <c>host</c> or <c>none</c>.</param>
public sealed record ContainerRequest(Image Image, string Reference, string NetworkMode, ContainerInit Init = ContainerInit.Docker)
{
    // In a container systemd reads its own arguments as the kernel's command line: kernel-command-line(7). Timers that would use dpkg's
    // lock during a validation stay off. The cgroup file system of Docker is read-only, whatever the capabilities.
    const string Boot =
        "for path in /sys/fs/cgroup /sys/fs/cgroup/systemd; do "
        + "mount -o remount,bind,rw $path 2>/dev/null || mount -o remount,rw $path 2>/dev/null; done; "
        + "exec /sbin/init systemd.unit=multi-user.target systemd.show_status=no systemd.mask=apt-daily.timer "
        + "systemd.mask=apt-daily-upgrade.timer systemd.mask=dpkg-db-backup.timer systemd.mask=fstrim.timer "
        + "systemd.mask=e2scrub_all.timer systemd.mask=e2scrub_reap.service systemd.mask=systemd-resolved.service";

    /// <summary>Whether the container outlives the run if nobody disposes it.</summary>
    public bool IsKept { get; init; }

    public bool IsSystemd => Init != ContainerInit.Docker;

    internal IList<string> Command => IsSystemd ? ["sh", "-c", Boot] : ["sleep", "infinity"];

    // systemd's container interface: $container tells systemd that it runs in one.
    internal IList<string> Environment => IsSystemd ? ["container=docker"] : [];

    // systemd(1), "Signals": this one starts halt.target.
    internal string? StopSignal => IsSystemd ? "SIGRTMIN+3" : null;

    internal HostConfig HostConfig()
    {
        var host = new HostConfig { NetworkMode = NetworkMode, Init = !IsSystemd };
        if (IsSystemd)
        {
            host.CgroupnsMode = "private";
            host.Tmpfs = new Dictionary<string, string> { ["/run"] = "", ["/run/lock"] = "" };
            host.Privileged = Init == ContainerInit.PrivilegedSystemd;
            host.CapAdd = ["SYS_ADMIN"];
            host.SecurityOpt = ["apparmor=unconfined", "seccomp=unconfined"];
        }
        return host;
    }
}
