namespace Docker.DotNet.Models;

public class ContainerInspectResponse
{
    public string ID { get; set; }

    public DateTime Created { get; set; }

    public string Path { get; set; }

    public IList<string> Args { get; set; }

    public ContainerState State { get; set; }

    public string Image { get; set; }

    public string LogPath { get; set; }

    /// <summary>With a leading slash.</summary>
    public string Name { get; set; }

    public long RestartCount { get; set; }

    public string Driver { get; set; }

    public string Platform { get; set; }

    public IList<string> ExecIDs { get; set; }

    public HostConfig HostConfig { get; set; }

    public long? SizeRw { get; set; }

    public long? SizeRootFs { get; set; }

    public IList<MountPoint> Mounts { get; set; }

    public Config Config { get; set; }

    public NetworkSettings NetworkSettings { get; set; }
}

public class ContainerState
{
    public string Status { get; set; }

    public bool Running { get; set; }

    public bool Paused { get; set; }

    public bool Restarting { get; set; }

    public bool OOMKilled { get; set; }

    public bool Dead { get; set; }

    public long Pid { get; set; }

    public long ExitCode { get; set; }

    public string Error { get; set; }

    public string StartedAt { get; set; }

    public string FinishedAt { get; set; }

    public Health Health { get; set; }
}

public class Health
{
    public string Status { get; set; }

    public long FailingStreak { get; set; }

    public IList<HealthcheckResult> Log { get; set; }
}

public class HealthcheckResult
{
    public DateTime Start { get; set; }

    public DateTime End { get; set; }

    public long ExitCode { get; set; }

    public string Output { get; set; }
}
