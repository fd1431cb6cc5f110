using Debyard.Pipeline.Engine;

namespace Debyard.Pipeline.Validation.Services;

/// <summary>Services that Debyard itself started in the container: start commands, or units without systemd.</summary>
public sealed class ProcessServices(string start, IReadOnlyList<NamedProcess> processes) : RunningServices
{
    public override string Start => start;

    public override IReadOnlyList<string> Names => [.. processes.Select(process => process.Name)];

    public override Task<string> ReadLogAsync(string service, CancellationToken cancellation) =>
        Task.FromResult(processes.First(process => process.Name == service).Process.Log);

    // A unit of type forking or oneshot has done its work when it exits with code 0, and its service may run on.
    public override async Task<long?> FindExitCodeAsync(string service, CancellationToken cancellation) =>
        processes.First(process => process.Name == service) is var (_, process, isExpectedToExit)
        && await process.FindExitCodeAsync(cancellation) is { } exitCode
        && (!isExpectedToExit || exitCode != 0)
            ? exitCode
            : null;

    public override async Task<string?> FindDeathAsync(CancellationToken cancellation)
    {
        foreach (var name in Names)
        {
            if (await FindExitCodeAsync(name, cancellation) is { } exitCode)
            {
                return $"{name} exited with code {exitCode}";
            }
        }
        return null;
    }

    public override async Task<string?> StopAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        string? stubborn = null;
        foreach (var (name, process, _) in processes.Reverse())
        {
            if (!process.HasExited && !await process.StopAsync(timeout, cancellation))
            {
                stubborn ??= $"{name} did not exit within {timeout.TotalSeconds:0} s of SIGTERM";
            }
        }
        return stubborn;
    }
}

/// <param name="IsExpectedToExit">Whether the process may end with exit code 0: units of type forking and oneshot.</param>
public sealed record NamedProcess(string Name, ContainerProcess Process, bool IsExpectedToExit = false);
