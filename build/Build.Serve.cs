using System.ComponentModel.DataAnnotations;
using Debyard.Repository.Configuration;
using Debyard.Server;
using Debyard.Server.Configuration;
using Nuke.Common;
using Nuke.Common.IO;
using Serilog;

partial class Build
{
    [Parameter("Port of the repository server, on loopback - default is that of its appsettings.json, or 8080")]
    [Range(0, 65535)]
    readonly int? Port;

    [Parameter("Addresses that the repository server listens on, instead of --port", Separator = ",")]
    readonly string[] Urls = [];

    [Parameter("Branch that new branches start from - default is that of the server's appsettings.json, or main")]
    readonly string DefaultBranch = null!;

    [Parameter("URL by which clients reach the repository server, if it is behind a proxy")]
    readonly string PublicUrl = null!;

    Target Serve =>
        _ =>
            _.Description("Runs the repository server until Ctrl-C (--root DIR, --port N or --urls, DIR/appsettings.json)")
                .Executes(() =>
                    Guarded(async () =>
                    {
                        var options = ServerConfiguration.Read(
                            ServedFolder,
                            (
                                "Urls",
                                Urls.Length > 0 ? string.Join(',', Urls)
                                : Port is { } port ? $"http://127.0.0.1:{port}"
                                : null
                            ),
                            ("DefaultBranch", DefaultBranch),
                            ("PublicUrl", PublicUrl)
                        );
                        await using var server = await RepositoryServer.StartAsync(options, Cancellation);
                        Log.Information("Serving {Root} at {Url} - press Ctrl-C to stop", ServedFolder, server.Url);
                        await server.WaitForShutdownAsync(Cancellation);
                    })
                );

    // --root is NUKE's option for the root of the project. Serve uses it as the folder to serve (docs/decisions).
    AbsolutePath ServedFolder => EnvironmentInfo.CommandLineArguments.Contains("--root") ? RootDirectory : OutputDirectory / "repository";

    RepositoryServer embedded = null!;

    async Task<Uri> StartEmbeddedServerAsync(Debyard.Pipeline.Manifests.Manifest manifest, CancellationToken cancellation)
    {
        embedded = await RepositoryServer.StartAsync(
            new ServerOptions
            {
                Repository = new RepositoryOptions
                {
                    Root = OutputDirectory / "repository",
                    DefaultBranch = manifest.Repository.DefaultBranch,
                    Architectures = [.. manifest.Architectures.Select(architecture => architecture.Name)],
                },
                Urls = ["http://127.0.0.1:0"],
            },
            cancellation
        );
        return embedded.Url;
    }
}
