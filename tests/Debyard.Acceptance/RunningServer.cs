using System.Net;
using System.Net.Sockets;

namespace Debyard.Acceptance;

/// <summary><c>Serve</c> as a process.</summary>
sealed class RunningServer : IAsyncDisposable
{
    readonly BuildProcess process;

    RunningServer(BuildProcess process, string url) => (this.process, Url) = (process, url);

    public string Url { get; }

    public bool HasExited => process.HasExited;

    public string Output => process.Output;

    /// <summary>Over <paramref name="root"/>, or a folder of its own in the workspace; answers once it serves.</summary>
    public static async Task<RunningServer> StartAsync(Workspace workspace, string? root = null)
    {
        root ??= Directory.CreateDirectory(Path.Combine(workspace.Path, "root")).FullName;
        var port = FreePort();
        var process = workspace.Start("Serve", "--root", root, "--port", $"{port}");
        await process.SaysAsync($"Serving {root} at http://127.0.0.1:{port}");
        return new RunningServer(process, $"http://127.0.0.1:{port}");
    }

    /// <summary>Ctrl-C.</summary>
    public async Task<Outcome> StopAsync()
    {
        await process.InterruptAsync();
        return await process.EndAsync();
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
