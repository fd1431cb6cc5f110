using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Validation.Checks;
using Debyard.Pipeline.Validation.Installing;
using Debyard.Pipeline.Validation.Reports;
using Debyard.Pipeline.Validation.Services;

namespace Debyard.Pipeline.Validation;

/// <summary>One scenario in its own container: starts the services, checks them, stops them.</summary>
/// <param name="init">What starts the services; already decided.</param>
public sealed class ScenarioRun(
    Scenario scenario,
    Init init,
    ScenarioOrigin origin,
    Secrets secrets,
    Containers containers,
    Evidence evidence,
    StepResults results
)
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    static readonly TimeSpan stopTimeout = TimeSpan.FromSeconds(10);

    readonly int port = scenario.Port ?? FreePort();

    /// <param name="installed">The image in which the packages are installed.</param>
    /// <param name="images">Keeps the image that a scenario with additional packages needs.</param>
    /// <param name="cancellation">Cancels the scenario.</param>
    public async Task RunAsync(string installed, ValidationImages images, CancellationToken cancellation)
    {
        EngineContainer? container = null;
        RunningServices? services = null;
        try
        {
            var isReady = await results.RunAsync(
                "start",
                async () =>
                {
                    var root = scenario.Install.Count > 0 ? await InstallMoreAsync(installed, images, cancellation) : installed;
                    container = await containers.CreateAsync(root, init == Init.Systemd, cancellation);
                    await container.WriteAsync(scenario.Files.Select(file => (file.Key, Content(file.Value))), cancellation);
                    await Containers.BootAsync(container, init == Init.Systemd, cancellation);
                    services = await StartAsync(container, cancellation);
                    return services.Names.Count > 0 ? $"{string.Join(", ", services.Names)} by {services.Start}" : null;
                }
            );
            if (isReady)
            {
                await CheckAsync(container!, services!, cancellation);
                await results.RunAsync("services run on", async () => await FailIfAsync(await services!.FindDeathAsync(cancellation)));
                await results.RunAsync("stop", async () => await FailIfAsync(await services!.StopAsync(stopTimeout, cancellation)));
            }
            else
            {
                foreach (var check in scenario.Checks)
                {
                    results.Skip(check.Title, "the services did not start");
                }
            }
            if (results.HasFailed && container is not null)
            {
                await evidence.KeepAsync(container, services, scenario.Name, cancellation);
            }
        }
        finally
        {
            if (container is not null)
            {
                await containers.EndAsync(container, results.HasFailed);
            }
        }

        async Task<string?> FailIfAsync(string? defect) =>
            defect is null ? null : throw new StepFailedException(defect, await services!.ReadLogsAsync(cancellation));
    }

    async Task CheckAsync(EngineContainer container, RunningServices services, CancellationToken cancellation)
    {
        var context = new CheckContext
        {
            Connect = async (to, token) => await container.ConnectAsync(to, token),
            Run = (command, token) => container.RunAsync([.. command], token),
            Services =
            [
                .. services.Names.Select(name => new CheckedService(
                    name,
                    token => services.ReadLogAsync(name, token),
                    token => services.FindExitCodeAsync(name, token)
                )),
            ],
            ReadSource = origin.ReadSource,
            Port = port,
            ReplacesPort = scenario.Port is null,
            Secrets = secrets,
        };
        await foreach (var result in new CheckRunner(scenario, context).RunAsync(cancellation))
        {
            results.Add(result);
        }
    }

    async Task<string> InstallMoreAsync(string installed, ValidationImages images, CancellationToken cancellation)
    {
        await using var container = await containers.StartAsync(installed, withSystemd: false, cancellation);
        await new Apt(container).InstallAsync(scenario.Install, [], cancellation);
        return await images.CommitAsync(container, $"with-{scenario.Name.ToLowerInvariant()}", cancellation);
    }

    async Task<RunningServices> StartAsync(EngineContainer container, CancellationToken cancellation)
    {
        var variables = scenario.Environment.ToDictionary(variable => variable.Key, variable => secrets.Expand(WithPort(variable.Value)));
        return init switch
        {
            Init.Systemd => await StartUnitsAsync(container, variables, cancellation),
            Init.Exec => await StartProcessesAsync(container, variables, cancellation),
            _ => await StartCommandsAsync(container, variables, cancellation),
        };
    }

    async Task<RunningServices> StartUnitsAsync(
        EngineContainer container,
        Dictionary<string, string> variables,
        CancellationToken cancellation
    )
    {
        var services = new SystemdServices(container, await UnitsAsync(container, cancellation));
        if (variables.Count > 0)
        {
            await SetVariablesAsync(container, services.Names, variables, cancellation);
        }
        if (await services.StartAsync(scenario.Timeout, cancellation) is { } defect)
        {
            throw new StepFailedException(defect, await services.ReadLogsAsync(cancellation));
        }
        return services;
    }

    /// <summary>The scenario's units; otherwise those that the packages enable; otherwise all that they ship.</summary>
    async Task<IReadOnlyList<string>> UnitsAsync(EngineContainer container, CancellationToken cancellation)
    {
        if (scenario.Units.Count > 0)
        {
            return scenario.Units;
        }
        string[] from = [.. origin.Packages, .. scenario.Install];
        var enabled = init == Init.Systemd ? await SystemdServices.FindEnabledAsync(container, from, cancellation) : [];
        var units = enabled.Count > 0 ? enabled : await SystemdServices.FindShippedAsync(container, from, cancellation);
        return units.Count > 0
            ? units
            : throw new StepFailedException(
                $"{string.Join(", ", from)} have no service unit to start: name some in 'units', or use 'start'"
            );
    }

    static async Task SetVariablesAsync(
        EngineContainer container,
        IReadOnlyList<string> units,
        Dictionary<string, string> variables,
        CancellationToken cancellation
    )
    {
        // A file instead of Environment=, which everybody in the container could read. Files written through the engine do not reach /run.
        const string Use =
            "for unit; do mkdir -p /run/systemd/system/$unit.d; "
            + "printf '[Service]\\nEnvironmentFile=/var/cache/debyard/environment\\n' > /run/systemd/system/$unit.d/debyard.conf; done; "
            + "systemctl daemon-reload; systemctl restart --no-block \"$@\"";
        var text = string.Concat(variables.Select(variable => $"{variable.Key}={Quoted(variable.Value)}\n"));
        await container.WriteAsync([("/var/cache/debyard/environment", Encoding.UTF8.GetBytes(text))], cancellation, OwnerOnly);
        await container.RunAsync(["sh", "-c", Use, "sh", .. units], cancellation);
    }

    async Task<RunningServices> StartProcessesAsync(
        EngineContainer container,
        Dictionary<string, string> variables,
        CancellationToken cancellation
    )
    {
        var processes = new List<NamedProcess>();
        try
        {
            foreach (var name in await UnitsAsync(container, cancellation))
            {
                var unit = await UnitWithoutSystemd.ReadAsync(container, name, cancellation);
                processes.Add(await new UnitWithoutSystemd(container, unit, variables).StartAsync(cancellation));
            }
        }
        catch (PipelineException broken)
        {
            throw new StepFailedException(broken.Message);
        }
        return new ProcessServices("ExecStart", processes);
    }

    async Task<RunningServices> StartCommandsAsync(
        EngineContainer container,
        Dictionary<string, string> variables,
        CancellationToken cancellation
    )
    {
        var processes = new List<NamedProcess>();
        foreach (var (name, command) in scenario.Start)
        {
            processes.Add(new NamedProcess(name, await container.StartProcessAsync(name, WithPort(command), cancellation, variables)));
        }
        return processes.Count > 0 ? new ProcessServices("command", processes) : new NoServices();
    }

    // systemd.exec(5), "EnvironmentFile=": as a shell reads it, in double quotes.
    static string Quoted(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    // Latin-1 maps every byte to a character and back, so this also works for binary files.
    byte[] Content(string file) =>
        scenario.Port is null
            ? Encoding.Latin1.GetBytes(WithPort(Encoding.Latin1.GetString(origin.ReadSource(file))))
            : origin.ReadSource(file);

    string WithPort(string text) =>
        scenario.Port is null ? text.Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) : text;

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
