namespace Debyard.Pipeline.Validation.Services;

/// <summary>The services of a scenario, once they were started.</summary>
public abstract class RunningServices
{
    /// <summary>How they were started, for reports.</summary>
    public abstract string Start { get; }

    /// <summary>The names by which their logs are found: units, or names of start commands.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>What a service has logged since the scenario began.</summary>
    public abstract Task<string> ReadLogAsync(string service, CancellationToken cancellation);

    /// <summary>The exit code of a service; null while it runs.</summary>
    public abstract Task<long?> FindExitCodeAsync(string service, CancellationToken cancellation);

    /// <summary>Why a service is not running, in one sentence; null if all are, or have done what they do once.</summary>
    public abstract Task<string?> FindDeathAsync(CancellationToken cancellation);

    /// <summary>Stops all services.</summary>
    /// <returns>Why one did not stop in time; null if all did.</returns>
    public abstract Task<string?> StopAsync(TimeSpan timeout, CancellationToken cancellation);

    /// <summary>The logs of all services, each under its name if there are several.</summary>
    public async Task<string> ReadLogsAsync(CancellationToken cancellation)
    {
        var logs = new List<string>();
        foreach (var name in Names)
        {
            var log = await ReadLogAsync(name, cancellation);
            logs.Add(Names.Count > 1 ? $"== {name}\n{log}" : log);
        }
        return string.Join('\n', logs);
    }
}

/// <summary>No service: the checks of the scenario are about files and commands.</summary>
public sealed class NoServices : RunningServices
{
    public override string Start => "none";

    public override IReadOnlyList<string> Names => [];

    public override Task<string> ReadLogAsync(string service, CancellationToken cancellation) => Task.FromResult("");

    public override Task<long?> FindExitCodeAsync(string service, CancellationToken cancellation) => Task.FromResult<long?>(null);

    public override Task<string?> FindDeathAsync(CancellationToken cancellation) => Task.FromResult<string?>(null);

    public override Task<string?> StopAsync(TimeSpan timeout, CancellationToken cancellation) => Task.FromResult<string?>(null);
}
