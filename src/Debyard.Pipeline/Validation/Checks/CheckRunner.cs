using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Validation.Reports;

namespace Debyard.Pipeline.Validation.Checks;

/// <summary>
/// Runs the checks of a scenario, one after another, all of them. While nothing answers, the services may still be starting: until the
/// scenario's timeout has passed or a service has ended, such a check is tried again.
/// </summary>
public sealed class CheckRunner(Scenario scenario, CheckContext context)
{
    const int LogLines = 20;

    static readonly TimeSpan pause = TimeSpan.FromMilliseconds(100);

    // What a service has just written may be on its way.
    static readonly TimeSpan logDelay = TimeSpan.FromSeconds(3);

    readonly ConnectionChecks connections = new(context);
    readonly ContainerChecks container = new(context);

    /// <summary>Call it when the services have been started. The texts of the results have no secrets in them.</summary>
    public async IAsyncEnumerable<CaseResult> RunAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var check in scenario.Checks)
        {
            yield return await RunAsync(check, start, cancellation);
        }
    }

    async Task<CaseResult> RunAsync(Check check, long start, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        var within = check.Within ?? (check is LogCheck ? logDelay : TimeSpan.Zero);
        while (true)
        {
            if (await TryAsync(check, cancellation) is not { } difference)
            {
                return Result(check, CaseOutcome.Passed, began);
            }
            var isTriedAgain =
                Stopwatch.GetElapsedTime(began) < within || difference.MayBeStarting && Stopwatch.GetElapsedTime(start) < scenario.Timeout;
            if (!isTriedAgain)
            {
                var message = $"{check.Asked}: expected {difference.Expected}, got {difference.Got}";
                return Result(check, CaseOutcome.Failed, began) with
                {
                    Message = context.Secrets.Mask(message),
                    Details = context.Secrets.Mask(await DetailsAsync(check, difference, cancellation)),
                };
            }
            await Task.Delay(pause, cancellation);
        }
    }

    CaseResult Result(Check check, CaseOutcome outcome, long began) =>
        new(context.Secrets.Mask(check.Title), outcome, Stopwatch.GetElapsedTime(began)) { Line = check.Line };

    Task<Difference?> TryAsync(Check check, CancellationToken cancellation) =>
        check switch
        {
            HttpCheck http => connections.TryAsync(http, cancellation),
            TcpCheck tcp => connections.TryAsync(tcp, cancellation),
            ListeningCheck listening => connections.TryAsync(listening, cancellation),
            CommandCheck command => container.TryAsync(command, cancellation),
            FileCheck file => container.TryAsync(file, cancellation),
            LogCheck log => container.TryAsync(log, cancellation),
            UnitsCheck units => container.TryAsync(units, cancellation),
            _ => throw new UnreachableException(),
        };

    async Task<string> DetailsAsync(Check check, Difference difference, CancellationToken cancellation)
    {
        var details = new StringBuilder();
        details.Append($"asked: {check.Asked}\nexpected: {difference.Expected}\ngot: {difference.Got}\n");
        if (difference.Address is { } address)
        {
            details.Append($"address: {address}\n");
        }
        foreach (var service in context.Services)
        {
            var code = await service.FindExitCode(cancellation);
            // Masked before it is cut, so that no part of a secret stays.
            var log = context.Secrets.Mask(await service.ReadLog(cancellation)).Trim().ReplaceLineEndings("\n");
            details.Append($"{service.Name}: {(code is null ? "runs" : $"exited with code {code}")}; ");
            details.Append(log.Length == 0 ? "its log is empty\n" : "the last lines of its log:\n");
            foreach (var line in log.Split('\n').TakeLast(LogLines).Where(_ => log.Length > 0))
            {
                details.Append($"  | {line}\n");
            }
        }
        return details.ToString().TrimEnd();
    }
}
