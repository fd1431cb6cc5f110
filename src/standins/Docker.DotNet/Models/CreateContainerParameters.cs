using System.Text.Json.Serialization;
using Docker.DotNet.Http;

namespace Docker.DotNet.Models;

/// <summary>A <see cref="Config"/> with what only a container has.</summary>
public class CreateContainerParameters
{
    public CreateContainerParameters() { }

    public CreateContainerParameters(Config Config)
    {
        if (Config is null)
            return;
        Hostname = Config.Hostname;
        Domainname = Config.Domainname;
        User = Config.User;
        AttachStdin = Config.AttachStdin;
        AttachStdout = Config.AttachStdout;
        AttachStderr = Config.AttachStderr;
        ExposedPorts = Config.ExposedPorts;
        Tty = Config.Tty;
        OpenStdin = Config.OpenStdin;
        StdinOnce = Config.StdinOnce;
        Env = Config.Env;
        Cmd = Config.Cmd;
        Healthcheck = Config.Healthcheck;
        ArgsEscaped = Config.ArgsEscaped;
        Image = Config.Image;
        Volumes = Config.Volumes;
        WorkingDir = Config.WorkingDir;
        Entrypoint = Config.Entrypoint;
        NetworkDisabled = Config.NetworkDisabled;
        MacAddress = Config.MacAddress;
        OnBuild = Config.OnBuild;
        Labels = Config.Labels;
        StopSignal = Config.StopSignal;
        StopTimeout = Config.StopTimeout;
        Shell = Config.Shell;
    }

    /// <summary>The container's name; sent in the query, as <see cref="Platform"/> is.</summary>
    [JsonIgnore]
    public string Name { get; set; }

    [JsonIgnore]
    public string Platform { get; set; }

    public string Hostname { get; set; }

    public string Domainname { get; set; }

    public string User { get; set; }

    public bool AttachStdin { get; set; }

    public bool AttachStdout { get; set; }

    public bool AttachStderr { get; set; }

    public IDictionary<string, EmptyStruct> ExposedPorts { get; set; }

    public bool Tty { get; set; }

    public bool OpenStdin { get; set; }

    public bool StdinOnce { get; set; }

    public IList<string> Env { get; set; }

    public IList<string> Cmd { get; set; }

    public HealthConfig Healthcheck { get; set; }

    public bool ArgsEscaped { get; set; }

    public string Image { get; set; }

    public IDictionary<string, EmptyStruct> Volumes { get; set; }

    public string WorkingDir { get; set; }

    public IList<string> Entrypoint { get; set; }

    public bool NetworkDisabled { get; set; }

    public string MacAddress { get; set; }

    public IList<string> OnBuild { get; set; }

    public IDictionary<string, string> Labels { get; set; }

    public string StopSignal { get; set; }

    [JsonConverter(typeof(Seconds))]
    public TimeSpan? StopTimeout { get; set; }

    public IList<string> Shell { get; set; }

    public HostConfig HostConfig { get; set; }

    public NetworkingConfig NetworkingConfig { get; set; }
}

public class CreateContainerResponse
{
    public string ID { get; set; }

    public IList<string> Warnings { get; set; }
}
