using System.Net;
using System.Net.Sockets;
using System.Text;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Repository;

namespace Debyard.Pipeline.Validation;

/// <summary>
/// Installs packages with apt from the branch's repository in a clean container, starts the service, checks its HTTP responses, and
/// removes the packages.
/// </summary>
public sealed class Validator(DockerEngine engine, RepositoryClient repository, Action<string> log)
{
    // The files of a scenario replace files of the package, which are restored for the next scenario.
    const string SaveFiles =
        "mkdir -p /tmp/debyard/saved && "
        + "for file; do if [ -e \"$file\" ]; then cp -a --parents \"$file\" /tmp/debyard/saved || exit; fi; done";
    const string RestoreFiles = "rm -f -- \"$@\" && cp -a /tmp/debyard/saved/. / && rm -r /tmp/debyard/saved";

    const string AptCredentialsFile = "/etc/apt/auth.conf.d/debyard.conf";
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    /// <returns>The number of checks, all of which passed.</returns>
    /// <exception cref="PipelineException">
    /// A check failed; the message has the service's log. Or apt cannot install or remove the packages; the message has apt's output.
    /// </exception>
    public async Task<int> ValidateAsync(Candidate candidate, CancellationToken cancellation)
    {
        var sources = await repository.ReadSourcesAsync(cancellation);
        // A container reaches a server on this machine's loopback only through the host's network.
        var network = repository.SourcesUrl.IsLoopback ? "host" : "bridge";
        await using var container = await engine.StartAsync(candidate.Base, network, cancellation);
        await InstallAsync(container, candidate, sources, cancellation);
        foreach (var scenario in candidate.Plan.Scenarios)
        {
            await TryAsync(container, candidate, scenario, cancellation);
        }
        await RunAsync(container, "removed", ["apt-get", "-y", "purge", .. candidate.Plan.Install], cancellation);
        log($"{string.Join(", ", candidate.Plan.Install)} removed");
        return candidate.Plan.Scenarios.Sum(scenario => scenario.Checks.Count);
    }

    async Task InstallAsync(EngineContainer container, Candidate candidate, string sources, CancellationToken cancellation)
    {
        var files = candidate
            .Packages.Select(file => (Path: $"/tmp/debyard/{file.FileName}", Content: File.ReadAllBytes(file.Path!)))
            .ToList();
        await container.WriteAsync([("/etc/apt/sources.list.d/debyard.sources", Encoding.UTF8.GetBytes(sources)), .. files], cancellation);
        if (repository.CredentialsFor(sources) is { } credentials)
        {
            await container.WriteAsync([(AptCredentialsFile, Encoding.UTF8.GetBytes(credentials))], cancellation, OwnerOnly);
        }
        await RunAsync(container, "installed", ["apt-get", "-q", "update", "--error-on=any"], cancellation);
        await RunAsync(
            container,
            "installed",
            ["apt-get", "-q", "-y", "--no-install-recommends", "install", .. files.Select(file => file.Path)],
            cancellation
        );
        // The service that starts next must not see the token.
        await RunAsync(container, "installed", ["rm", "-f", AptCredentialsFile], cancellation);
        log(
            $"{string.Join(", ", candidate.Packages.Select(file => file.FileName))} installed by apt-get in a clean {candidate.Base.Name}, "
                + $"from {repository.SourcesUrl}"
        );
    }

    static async Task RunAsync(EngineContainer container, string action, IList<string> command, CancellationToken cancellation)
    {
        var result = await container.RunAsync(command, cancellation);
        if (result.ExitCode != 0)
        {
            throw new PipelineException(
                $"The packages cannot be {action}: `{string.Join(' ', command)}` exited with code {result.ExitCode}.\n"
                    + Indented(result.Output)
            );
        }
    }

    async Task TryAsync(EngineContainer container, Candidate candidate, Scenario scenario, CancellationToken cancellation)
    {
        var port = scenario.Port ?? FreePort();
        string WithPort(string text) => scenario.Port is null ? text.Replace("{port}", $"{port}", StringComparison.Ordinal) : text;

        await RunAsync(container, "prepared for a scenario", ["sh", "-c", SaveFiles, "sh", .. scenario.Files.Keys], cancellation);
        // Latin-1 maps every byte to a character and back, so this also works for binary files.
        await container.WriteAsync(
            scenario.Files.Select(file =>
                (file.Key, Encoding.Latin1.GetBytes(WithPort(Encoding.Latin1.GetString(candidate.Content(file.Value)))))
            ),
            cancellation
        );
        var service = await container.StartProcessAsync(WithPort(scenario.Start.Single().Command), cancellation);
        using var checks = new HttpChecks(token => container.ConnectAsync(port, token));
        var requests = scenario.Checks.OfType<HttpCheck>().ToList();
        if (requests.Count < scenario.Checks.Count || scenario.Start.Count != 1)
        {
            throw new PipelineException($"{scenario.Name} has checks or a start that this version cannot run yet.");
        }
        if (!await checks.WaitUntilAnsweredAsync(requests[0].Path, () => service.HasExited, cancellation))
        {
            throw Failed(scenario, service.HasExited ? "the service exited before it answered" : "the service does not answer", service);
        }
        foreach (var check in requests)
        {
            if (await checks.TryAsync(check, cancellation) is { } wrong)
            {
                throw Failed(scenario, $"GET {check.Path}: {wrong}", service);
            }
            var headers = string.Concat(check.Headers.Select(header => $" ({header.Key}: {header.Value})"));
            log($"{scenario.Name}: GET {check.Path}{headers} -> {check.Status ?? 200} as expected");
        }
        if (!await service.StopAsync(StopTimeout, cancellation))
        {
            throw Failed(scenario, $"the service did not exit within {StopTimeout.TotalSeconds:0} s of SIGTERM", service);
        }
        await RunAsync(container, "restored after a scenario", ["sh", "-c", RestoreFiles, "sh", .. scenario.Files.Keys], cancellation);
    }

    static PipelineException Failed(Scenario scenario, string failure, ContainerProcess service) =>
        new($"Validation failed, nothing is published. {scenario.Name}: {failure}\nThe service's log:\n{Indented(service.Log)}");

    static string Indented(string text) =>
        string.Join(
            '\n',
            (text.Trim().Length == 0 ? "(empty)" : text.Trim())
                .ReplaceLineEndings("\n")
                .Split('\n')
                .TakeLast(40)
                .Select(line => "  | " + line)
        );

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
