using System.Text.Json.Serialization;

namespace Docker.DotNet.Models;

public class NetworksListParameters
{
    public IDictionary<string, IDictionary<string, bool>> Filters { get; set; }
}

public class NetworkResponse
{
    public string Name { get; set; }

    public string ID { get; set; }

    public DateTime Created { get; set; }

    public string Scope { get; set; }

    public string Driver { get; set; }

    public bool EnableIPv6 { get; set; }

    public IPAM IPAM { get; set; }

    public bool Internal { get; set; }

    public bool Attachable { get; set; }

    public bool Ingress { get; set; }

    public IDictionary<string, EndpointResource> Containers { get; set; }

    public IDictionary<string, string> Options { get; set; }

    public IDictionary<string, string> Labels { get; set; }
}

public class IPAM
{
    public string Driver { get; set; }

    public IDictionary<string, string> Options { get; set; }

    public IList<IPAMConfig> Config { get; set; }
}

public class IPAMConfig
{
    public string Subnet { get; set; }

    public string IPRange { get; set; }

    public string Gateway { get; set; }

    [JsonPropertyName("AuxiliaryAddresses")]
    public IDictionary<string, string> AuxAddress { get; set; }
}

public class EndpointResource
{
    public string Name { get; set; }

    public string EndpointID { get; set; }

    public string MacAddress { get; set; }

    public string IPv4Address { get; set; }

    public string IPv6Address { get; set; }
}

public class NetworkSettings
{
    public string Bridge { get; set; }

    public string SandboxID { get; set; }

    /// <summary>By the container's port; null for a port that is exposed but not published.</summary>
    public IDictionary<string, IList<PortBinding>> Ports { get; set; }

    public string EndpointID { get; set; }

    public string Gateway { get; set; }

    public string IPAddress { get; set; }

    public long IPPrefixLen { get; set; }

    public string IPv6Gateway { get; set; }

    public string GlobalIPv6Address { get; set; }

    public string MacAddress { get; set; }

    public IDictionary<string, EndpointSettings> Networks { get; set; }
}

public class NetworkingConfig
{
    public IDictionary<string, EndpointSettings> EndpointsConfig { get; set; }
}

public class EndpointSettings
{
    public IList<string> Links { get; set; }

    public IList<string> Aliases { get; set; }

    public string NetworkID { get; set; }

    public string EndpointID { get; set; }

    public string Gateway { get; set; }

    public string IPAddress { get; set; }

    public long IPPrefixLen { get; set; }

    public string IPv6Gateway { get; set; }

    public string GlobalIPv6Address { get; set; }

    public long GlobalIPv6PrefixLen { get; set; }

    public string MacAddress { get; set; }

    public IDictionary<string, string> DriverOpts { get; set; }
}
