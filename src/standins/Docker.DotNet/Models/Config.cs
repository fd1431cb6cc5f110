using System.Text.Json.Serialization;
using Docker.DotNet.Http;

namespace Docker.DotNet.Models;

/// <summary>How an image's or container's process is started.</summary>
public class Config
{
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
}

/// <summary>A value that is only there, Go's <c>struct{}</c>.</summary>
public struct EmptyStruct;

public class HealthConfig
{
    public IList<string> Test { get; set; }

    [JsonConverter(typeof(Nanoseconds))]
    public TimeSpan Interval { get; set; }

    [JsonConverter(typeof(Nanoseconds))]
    public TimeSpan Timeout { get; set; }

    public long StartPeriod { get; set; }

    public long Retries { get; set; }
}
