using Debyard.Server;
using Debyard.Server.Configuration;
using Microsoft.Extensions.Logging;

// host ROOT URL [CONFIGURATION]: serves until SIGTERM; the first line it prints is its address, what goes wrong is on standard error.
if (args is not [var root, var url, .. var rest])
    throw new ArgumentException("Say the root and the address to listen on.");
await using var server = await RepositoryServer.StartAsync(
    new ServerOptions
    {
        Repository = new() { Root = root },
        GitLab = ServerConfiguration.Read(root, rest.FirstOrDefault()).GitLab,
        Urls = [url],
        Logging = logging =>
            logging.SetMinimumLevel(LogLevel.Warning).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace),
    },
    CancellationToken.None
);
Console.WriteLine(server.Url);
await server.WaitForShutdownAsync();
