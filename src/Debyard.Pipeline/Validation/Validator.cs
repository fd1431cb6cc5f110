using System.Net;
using System.Net.Sockets;
using System.Text;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Repository;

namespace Debyard.Pipeline.Validation;

/// <summary>
/// Installs packages as a customer would — apt, a clean container, the branch's repository — starts what they install, and asks it
/// over HTTP. Then takes them off again.
/// </summary>
public sealed class Validator(DockerEngine engine, RepositoryClient repository, Action<string> say)
{
    // A scenario's files are its own: what the package installed at their paths is there again for the next one.
    const string SaveFiles =
        "mkdir -p /tmp/debyard/saved && for file; do if [ -e \"$file\" ]; then cp -a --parents \"$file\" /tmp/debyard/saved || exit; fi; done";
    const string RestoreFiles = "rm -f -- \"$@\" && cp -a /tmp/debyard/saved/. / && rm -r /tmp/debyard/saved";

    const string AptCredentialsFile = "/etc/apt/auth.conf.d/debyard.conf";
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    /// <returns>The number of checks that passed: all of them.</returns>
    /// <exception cref="PipelineException">One did not, with the service's log; or the packages cannot be installed, with apt's.</exception>
    public async Task<int> ValidateAsync(Candidate candidate, CancellationToken cancellation)
    {
        var sources = await repository.ReadSourcesAsync(cancellation);
        // A server on this machine's loopback is reached from a container only where it shares this machine's network.
        var network = repository.SourcesUrl.IsLoopback ? "host" : "bridge";
        await using var container = await engine.StartAsync(candidate.Base, network, cancellation);
        await InstallAsync(container, candidate, sources, cancellation);
        foreach (var scenario in candidate.Plan.Scenarios)
        {
            await TryAsync(container, candidate, scenario, cancellation);
        }
        await RunAsync(container, "taken off again", ["apt-get", "-y", "purge", .. candidate.Plan.Install], cancellation);
        say($"{string.Join(", ", candidate.Plan.Install)} taken off again");
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
        // What was installed is started next, and has no use for it.
        await RunAsync(container, "installed", ["rm", "-f", AptCredentialsFile], cancellation);
        say(
            $"{string.Join(", ", candidate.Packages.Select(file => file.FileName))} installed by apt-get in a clean {candidate.Base.Name}, from {repository.SourcesUrl}"
        );
    }

    static async Task RunAsync(EngineContainer container, string what, IList<string> command, CancellationToken cancellation)
    {
        var result = await container.RunAsync(command, cancellation);
        if (result.ExitCode != 0)
        {
            throw new PipelineException(
                $"The packages cannot be {what}: `{string.Join(' ', command)}` ended with {result.ExitCode}.\n{Indented(result.Output)}"
            );
        }
    }

    async Task TryAsync(EngineContainer container, Candidate candidate, Scenario scenario, CancellationToken cancellation)
    {
        var port = scenario.Port ?? FreePort();
        string Filled(string text) => scenario.Port is null ? text.Replace("{port}", $"{port}", StringComparison.Ordinal) : text;

        await RunAsync(container, "made ready", ["sh", "-c", SaveFiles, "sh", .. scenario.Files.Keys], cancellation);
        // Latin-1 maps every byte to a character and back, so files of any kind pass through unharmed.
        await container.WriteAsync(
            scenario.Files.Select(file =>
                (file.Key, Encoding.Latin1.GetBytes(Filled(Encoding.Latin1.GetString(candidate.Content(file.Value)))))
            ),
            cancellation
        );
        var service = await container.StartProcessAsync(Filled(scenario.Start), cancellation);
        using var checks = new HttpChecks(token => container.ConnectAsync(port, token));
        if (!await checks.WaitUntilAnsweredAsync(scenario.Checks[0].Path, () => service.HasExited, cancellation))
        {
            throw Failed(scenario, service.HasExited ? "the service ended before it answered" : "the service does not answer", service);
        }
        foreach (var check in scenario.Checks)
        {
            if (await checks.TryAsync(check, cancellation) is { } wrong)
            {
                throw Failed(scenario, $"GET {check.Path}: {wrong}", service);
            }
            say(
                $"{scenario.Name}: GET {check.Path}{string.Concat(check.Headers.Select(header => $" ({header.Key}: {header.Value})"))} -> {check.Status} as expected"
            );
        }
        if (!await service.StopAsync(StopPatience, cancellation))
        {
            throw Failed(scenario, $"the service did not end within {StopPatience.TotalSeconds:0} s of SIGTERM", service);
        }
        await RunAsync(container, "restored", ["sh", "-c", RestoreFiles, "sh", .. scenario.Files.Keys], cancellation);
    }

    static PipelineException Failed(Scenario scenario, string what, ContainerProcess service) =>
        new($"Validation failed, nothing is published. {scenario.Name}: {what}\nThe service's log:\n{Indented(service.Log)}");

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
