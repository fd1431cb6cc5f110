using System.Diagnostics;

namespace Debyard.Pipeline.Validation.Reports;

/// <summary>The results of steps that follow one another: after a failure the others are not run.</summary>
public sealed class StepResults(string suite, Action<string> log, Func<string, string> mask)
{
    readonly List<CaseResult> cases = [];
    readonly Dictionary<string, string> properties = [];

    public bool HasFailed => cases.Exists(result => result.Outcome == CaseOutcome.Failed);

    public SuiteResult Suite => new(suite, [.. cases]) { Properties = properties };

    public void Set(string property, string value) => properties[property] = value;

    /// <summary>Runs a step, unless an earlier one failed.</summary>
    /// <param name="title">What the step does.</param>
    /// <param name="step">
    /// Returns a remark for the report, or null. It throws <see cref="StepFailedException"/> if the packages have a defect.
    /// </param>
    /// <returns>Whether it passed.</returns>
    public async Task<bool> RunAsync(string title, Func<Task<string?>> step)
    {
        if (HasFailed)
        {
            Skip(title, "a step before it failed");
            return false;
        }
        var began = Stopwatch.GetTimestamp();
        try
        {
            var remark = await step();
            Add(new CaseResult(title, CaseOutcome.Passed, Stopwatch.GetElapsedTime(began)) { Message = remark });
            return true;
        }
        catch (StepFailedException failure)
        {
            Add(
                new CaseResult(title, CaseOutcome.Failed, Stopwatch.GetElapsedTime(began))
                {
                    Message = mask(failure.Message),
                    Details = failure.Details.Length > 0 ? mask(failure.Details) : null,
                }
            );
            return false;
        }
    }

    public void Skip(string title, string reason) => Add(new CaseResult(title, CaseOutcome.NotRun, TimeSpan.Zero) { Message = reason });

    public void Add(CaseResult result)
    {
        cases.Add(result);
        var end = result.Outcome switch
        {
            CaseOutcome.Passed => result.Message is { } remark ? $"{result.Title}, {remark}" : $"{result.Title} as expected",
            CaseOutcome.Failed => $"{result.Title} failed: {result.Message}",
            _ => $"{result.Title} not run: {result.Message}",
        };
        log($"{suite}: {end}");
    }
}
