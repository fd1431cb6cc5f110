namespace Docker.DotNet.Models;

public class ContainersListParameters
{
    public bool? Size { get; set; }

    /// <summary>Also those that do not run.</summary>
    public bool? All { get; set; }

    public string Since { get; set; }

    public string Before { get; set; }

    public long? Limit { get; set; }

    /// <summary>As <c>{"label": {"name=value": true}}</c>.</summary>
    public IDictionary<string, IDictionary<string, bool>> Filters { get; set; }
}

public class ContainerListResponse
{
    public string ID { get; set; }

    public IList<string> Names { get; set; }

    public string Image { get; set; }

    public string ImageID { get; set; }

    public string Command { get; set; }

    public DateTime Created { get; set; }

    public IList<Port> Ports { get; set; }

    public long SizeRw { get; set; }

    public long SizeRootFs { get; set; }

    public IDictionary<string, string> Labels { get; set; }

    public string State { get; set; }

    public string Status { get; set; }

    public SummaryNetworkSettings NetworkSettings { get; set; }

    public IList<MountPoint> Mounts { get; set; }
}

public class Port
{
    public string IP { get; set; }

    public ushort PrivatePort { get; set; }

    public ushort PublicPort { get; set; }

    public string Type { get; set; }
}

public class SummaryNetworkSettings
{
    public IDictionary<string, EndpointSettings> Networks { get; set; }
}

public class MountPoint
{
    public string Type { get; set; }

    public string Name { get; set; }

    public string Source { get; set; }

    public string Destination { get; set; }

    public string Driver { get; set; }

    public string Mode { get; set; }

    public bool RW { get; set; }

    public string Propagation { get; set; }
}

public class ContainerStartParameters
{
    public string DetachKeys { get; set; }
}

public class ContainerStopParameters
{
    /// <summary>Null and 0 both mean the engine's default: 0 is not sent.</summary>
    public uint? WaitBeforeKillSeconds { get; set; }
}

public class ContainerKillParameters
{
    public string Signal { get; set; }
}

public class ContainerRemoveParameters
{
    public bool? RemoveVolumes { get; set; }

    public bool? RemoveLinks { get; set; }

    public bool? Force { get; set; }
}

public class ContainerWaitResponse
{
    public ContainerWaitOKBodyError Error { get; set; }

    public long StatusCode { get; set; }
}

public class ContainerWaitOKBodyError
{
    public string Message { get; set; }
}

public class ContainerLogsParameters
{
    public bool? ShowStdout { get; set; }

    public bool? ShowStderr { get; set; }

    public string Since { get; set; }

    public string Until { get; set; }

    public bool? Timestamps { get; set; }

    /// <summary>Goes on until the container stops.</summary>
    public bool? Follow { get; set; }

    /// <summary>A number of lines, or <c>all</c>.</summary>
    public string Tail { get; set; }
}
