namespace Docker.DotNet;

public interface IDockerClient : IDisposable
{
    DockerClientConfiguration Configuration { get; }

    /// <summary>The longest a call may take; streams, <c>wait</c> and <c>stop</c> have no such limit.</summary>
    TimeSpan DefaultTimeout { get; set; }

    IContainerOperations Containers { get; }

    IImageOperations Images { get; }

    INetworkOperations Networks { get; }

    ISystemOperations System { get; }

    IExecOperations Exec { get; }
}
