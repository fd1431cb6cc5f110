using System.Net;
using System.Net.Sockets;
using System.Text;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Repository;
using Debyard.Pipeline.Validation.Checks;
using Debyard.Pipeline.Validation.Reports;

namespace Debyard.Pipeline.Validation;

/// <summary>
/// Installs packages with apt from the branch's repository in a clean container, runs the scenarios with their checks, and removes the
/// packages.
/// </summary>
/// <param name="reports">The folder for the reports, which say how each check ended.</param>
public sealed class Validator(DockerEngine engine, RepositoryClient repository, string reports, Action<string> log)
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
    /// Checks failed; the message has the service's log. Or apt cannot install or remove the packages; the message has apt's output.
    /// </exception>
    public async Task<int> ValidateAsync(Candidate candidate, CancellationToken cancellation)
    {
        var secrets = Secrets.For(candidate.Plan.Scenarios, Environment.GetEnvironmentVariable);
        var report = new ValidationReport(candidate.Manifest.Product, Path.GetFileName(candidate.Manifest.File), DateTimeOffset.UtcNow, []);
        var sources = await repository.ReadSourcesAsync(cancellation);
        // A container reaches a server on this machine's loopback only through the host's network.
        var network = repository.SourcesUrl.IsLoopback ? "host" : "bridge";
        await using var container = await engine.StartAsync(candidate.Base, network, cancellation);
        await InstallAsync(container, candidate, sources, cancellation);
        foreach (var scenario in candidate.Plan.Scenarios)
        {
            report = report with { Suites = [.. report.Suites, await TryAsync(container, candidate, scenario, secrets, cancellation)] };
        }
        await RunAsync(container, "removed", ["apt-get", "-y", "purge", .. candidate.Plan.Install], cancellation);
        log($"{string.Join(", ", candidate.Plan.Install)} removed");
        report = report.WithTexts(secrets.Mask);
        ReportFiles.Write(report, reports);
        foreach (var line in ReportTable.Lines(report))
        {
            log(line);
        }
        return report.HasFailed ? throw Failed(report) : report.Count(CaseOutcome.Passed);
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

    async Task<SuiteResult> TryAsync(
        EngineContainer container,
        Candidate candidate,
        Scenario scenario,
        Secrets secrets,
        CancellationToken cancellation
    )
    {
        if (scenario is not { Start: [var start], Init: Init.None, Environment.Count: 0, Install.Count: 0 })
        {
            throw new PipelineException($"Scenario {scenario.Name}: only one start command without an environment can run yet.");
        }
        await RunAsync(container, "prepared for a scenario", ["sh", "-c", SaveFiles, "sh", .. scenario.Files.Keys], cancellation);
        var context = new CheckContext
        {
            Connect = async (to, token) => await container.ConnectAsync(to, token),
            Run = (command, token) => container.RunAsync([.. command], token),
            ReadSource = candidate.Content,
            Port = scenario.Port ?? FreePort(),
            ReplacesPort = scenario.Port is null,
            Secrets = secrets,
        };
        context = context with { ListeningBefore = await ListeningSocket.ReadAsync(context, cancellation) };
        // Latin-1 maps every byte to a character and back, so this also works for binary files.
        await container.WriteAsync(
            scenario.Files.Select(file =>
                (file.Key, Encoding.Latin1.GetBytes(context.WithPort(Encoding.Latin1.GetString(candidate.Content(file.Value)))))
            ),
            cancellation
        );
        var service = await container.StartProcessAsync(context.WithPort(start.Command), cancellation);
        context = context with
        {
            Services = [new CheckedService(start.Name, _ => Task.FromResult(service.Log), service.FindExitCodeAsync)],
        };
        var results = new List<CaseResult>();
        await foreach (var result in new CheckRunner(scenario, context).RunAsync(cancellation))
        {
            results.Add(result);
            log($"{scenario.Name}: {result.Message ?? $"{result.Title} as expected"}");
        }
        if (!await service.StopAsync(StopTimeout, cancellation))
        {
            results.Add(
                new CaseResult("stop", CaseOutcome.Failed, StopTimeout)
                {
                    Message = $"the service did not exit within {StopTimeout.TotalSeconds:0} s of SIGTERM",
                }
            );
        }
        await RunAsync(container, "restored after a scenario", ["sh", "-c", RestoreFiles, "sh", .. scenario.Files.Keys], cancellation);
        return new SuiteResult(scenario.Name, results);
    }

    static PipelineException Failed(ValidationReport report)
    {
        var failures =
            from suite in report.Suites
            from result in suite.Cases
            where result.Outcome == CaseOutcome.Failed
            select $"{suite.Name}: {result.Message}\n{Indented(result.Details ?? "")}";
        return new PipelineException($"Validation failed, nothing is published. {string.Join('\n', failures)}");
    }

    static string Indented(string text) =>
        string.Join(
            '\n',
            (text.Trim().Length == 0 ? "(nothing)" : text.Trim())
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
