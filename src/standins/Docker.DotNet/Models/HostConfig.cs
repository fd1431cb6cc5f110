using System.Text.Json.Serialization;

namespace Docker.DotNet.Models;

/// <summary>What a container gets of its host. Sizes are bytes, processors a billionth.</summary>
public class HostConfig
{
    public IList<string> Binds { get; set; }

    public string NetworkMode { get; set; }

    /// <summary>By the container's port, such as <c>8080/tcp</c>.</summary>
    public IDictionary<string, IList<PortBinding>> PortBindings { get; set; }

    public bool AutoRemove { get; set; }

    public IList<string> VolumesFrom { get; set; }

    public IList<string> CapAdd { get; set; }

    public IList<string> CapDrop { get; set; }

    public string CgroupnsMode { get; set; }

    [JsonPropertyName("Dns")]
    public IList<string> DNS { get; set; }

    public IList<string> ExtraHosts { get; set; }

    public IList<string> GroupAdd { get; set; }

    public string IpcMode { get; set; }

    public string PidMode { get; set; }

    public bool Privileged { get; set; }

    public bool PublishAllPorts { get; set; }

    public bool ReadonlyRootfs { get; set; }

    public IList<string> SecurityOpt { get; set; }

    /// <summary>Mount options by path, such as <c>size=64m</c>.</summary>
    public IDictionary<string, string> Tmpfs { get; set; }

    public string UTSMode { get; set; }

    public string UsernsMode { get; set; }

    public long ShmSize { get; set; }

    public IDictionary<string, string> Sysctls { get; set; }

    public string Runtime { get; set; }

    [JsonPropertyName("CpuShares")]
    public long CPUShares { get; set; }

    public long Memory { get; set; }

    [JsonPropertyName("NanoCpus")]
    public long NanoCPUs { get; set; }

    public string CgroupParent { get; set; }

    [JsonPropertyName("CpuPeriod")]
    public long CPUPeriod { get; set; }

    [JsonPropertyName("CpuQuota")]
    public long CPUQuota { get; set; }

    public string CpusetCpus { get; set; }

    public IList<DeviceMapping> Devices { get; set; }

    public long MemoryReservation { get; set; }

    public long MemorySwap { get; set; }

    public long? PidsLimit { get; set; }

    public IList<Ulimit> Ulimits { get; set; }

    public IList<Mount> Mounts { get; set; }

    public bool? Init { get; set; }
}

public class PortBinding
{
    [JsonPropertyName("HostIp")]
    public string HostIP { get; set; }

    public string HostPort { get; set; }
}

public class DeviceMapping
{
    public string PathOnHost { get; set; }

    public string PathInContainer { get; set; }

    public string CgroupPermissions { get; set; }
}

public class Ulimit
{
    public string Name { get; set; }

    public long Hard { get; set; }

    public long Soft { get; set; }
}

public class Mount
{
    public string Type { get; set; }

    public string Source { get; set; }

    public string Target { get; set; }

    public bool ReadOnly { get; set; }

    public string Consistency { get; set; }

    public BindOptions BindOptions { get; set; }

    public TmpfsOptions TmpfsOptions { get; set; }
}

public class BindOptions
{
    public string Propagation { get; set; }

    public bool NonRecursive { get; set; }
}

public class TmpfsOptions
{
    public long SizeBytes { get; set; }

    public uint Mode { get; set; }
}
