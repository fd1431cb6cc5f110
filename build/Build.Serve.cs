using System.ComponentModel.DataAnnotations;
using Debyard.Repository.Configuration;
using Debyard.Server;
using Debyard.Server.Access;
using Debyard.Server.Configuration;
using Nuke.Common;
using Nuke.Common.IO;
using Serilog;

partial class Build
{
    [Parameter("Configuration file of the repository server, outside the served folder - default is none")]
    readonly string Config = null!;

    [Parameter("Port of the repository server, on loopback - default is that of its configuration, or 8080")]
    [Range(0, 65535)]
    readonly int? Port;

    [Parameter("Addresses that the repository server listens on, instead of --port", Separator = ",")]
    readonly string[] Urls = [];

    [Parameter("Branch that new branches start from - default is that of the server's configuration, or main")]
    readonly string DefaultBranch = null!;

    [Parameter("URL by which clients reach the repository server, if it is behind a proxy")]
    readonly string PublicUrl = null!;

    Target Serve =>
        _ =>
            _.Description("Runs the repository server until Ctrl-C (--root DIR, --port N or --urls, --config FILE)")
                .Executes(() =>
                    Guarded(async () =>
                    {
                        var options = ServerConfiguration.Read(
                            ServedFolder,
                            Config,
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

    [Parameter("Name of the token that Token creates - default is ci")]
    readonly string TokenName = "ci";

    Target Token =>
        _ =>
            _.Description("Creates a token for the repository server and shows it once, with the hash for its configuration (--token-name)")
                .Executes(() =>
                {
                    // Not through Serilog, which would also write the token to a log file.
                    var (secret, hash) = TokenHash.Create();
                    Console.WriteLine($"The token, for its holder; it is not stored anywhere:\n  {secret}");
                    var setting = $"\"{TokenName}\": {{ \"Hash\": \"{hash}\", \"Write\": [] }}";
                    Console.WriteLine($"For the server's configuration, below Access:Tokens:\n  {setting}");
                });

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
