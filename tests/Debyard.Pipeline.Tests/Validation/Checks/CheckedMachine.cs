using System.Net;
using System.Net.Sockets;
using CliWrap;
using CliWrap.Buffered;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Validation.Checks;
using Debyard.Pipeline.Validation.Reports;
using CommandResult = Debyard.Pipeline.Engine.CommandResult;

namespace Debyard.Pipeline.Tests.Validation.Checks;

/// <summary>This machine in the place of a container: checks are written as in a manifest, and run against its sockets and files.</summary>
public sealed class CheckedMachine : IDisposable
{
    readonly Workspace workspace = new();

    public CheckContext Context { get; set; } =
        new()
        {
            Connect = async (to, cancellation) =>
            {
                var client = new TcpClient(to.AddressFamily);
                await client.ConnectAsync(to, cancellation);
                return client.GetStream();
            },
            Run = RunAsync,
        };

    /// <summary>The folder of the manifest.</summary>
    public string Folder => workspace.Path;

    public string Write(string name, string content) => workspace.Write(name, content);

    /// <summary>Runs one check; the message says how it failed, and is null if it passed.</summary>
    public async Task<string?> CheckAsync(string check, int? port = null) => (await RunAsync($"[ {check} ]", port)).Single().Message;

    /// <param name="keys">Further keys of the scenario.</param>
    public async Task<IReadOnlyList<CaseResult>> RunAsync(string checks, int? port = null, string keys = "timeout: 1ms")
    {
        var scenario = Scenario($"{{ start: player, port: {port ?? 1}, {keys}, checks: {checks} }}");
        var context = Context with { Port = scenario.Port, ReadSource = file => File.ReadAllBytes(Path.Combine(workspace.Path, file)) };
        var results = new List<CaseResult>();
        await foreach (var result in new CheckRunner(scenario, context).RunAsync(CancellationToken.None))
        {
            results.Add(result);
        }
        return results;
    }

    public Scenario Scenario(string yaml)
    {
        var start = Workspace.Manifest.IndexOf("    plain:", StringComparison.Ordinal);
        workspace.Write("debyard.yml", $"{Workspace.Manifest[..start]}    plain: {yaml}\n");
        return workspace.Read().Validation!.Scenarios.Single();
    }

    /// <summary>A port that nothing listens on.</summary>
    public static int UnusedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    static async Task<CommandResult> RunAsync(IReadOnlyList<string> command, CancellationToken cancellation)
    {
        var result = await Cli.Wrap(command[0])
            .WithArguments(command.Skip(1))
            .WithEnvironmentVariables(variables => variables.Set("LC_ALL", "C.UTF-8"))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(cancellation);
        return new CommandResult(result.ExitCode, result.StandardOutput + result.StandardError);
    }

    public void Dispose() => workspace.Dispose();
}
