namespace Debyard.Pipeline.Validation.Reports;

public enum CaseOutcome
{
    Passed,
    Failed,

    /// <summary>It cannot run here, or something before it failed.</summary>
    NotRun,
}

/// <summary>The result of one check, or of one step such as the installation.</summary>
/// <param name="Title">What was done, in one line.</param>
public sealed record CaseResult(string Title, CaseOutcome Outcome, TimeSpan Duration)
{
    /// <summary>One line: what failed, or why it was not run; null if it passed.</summary>
    public string? Message { get; init; }

    /// <summary>Several lines: expected, got, address, the services' state and log.</summary>
    public string? Details { get; init; }

    /// <summary>The line of the manifest that asked for it; null if none did.</summary>
    public long? Line { get; init; }
}

/// <summary>The results of a scenario, or of the steps that belong to none.</summary>
public sealed record SuiteResult(string Name, IReadOnlyList<CaseResult> Cases)
{
    /// <summary>What it ran with: architecture, base, how services started.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    public TimeSpan Duration => TimeSpan.FromTicks(Cases.Sum(result => result.Duration.Ticks));

    public int Count(CaseOutcome outcome) => Cases.Count(result => result.Outcome == outcome);
}

/// <summary>The results of a validation.</summary>
/// <param name="Product">The manifest's product.</param>
/// <param name="Manifest">The manifest's path, relative to the folder that reports name files from.</param>
public sealed record ValidationReport(string Product, string Manifest, DateTimeOffset Started, IReadOnlyList<SuiteResult> Suites)
{
    /// <summary>What was validated: packages with their digests, the branch.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    public int Count(CaseOutcome outcome) => Suites.Sum(suite => suite.Count(outcome));

    public bool HasFailed => Count(CaseOutcome.Failed) > 0;

    /// <summary>The same report with every text replaced: to mask secrets before it is written.</summary>
    public ValidationReport WithTexts(Func<string, string> replace) =>
        this with
        {
            Properties = Replaced(Properties, replace),
            Suites =
            [
                .. Suites.Select(suite =>
                    suite with
                    {
                        Name = replace(suite.Name),
                        Properties = Replaced(suite.Properties, replace),
                        Cases =
                        [
                            .. suite.Cases.Select(result =>
                                result with
                                {
                                    Title = replace(result.Title),
                                    Message = result.Message is null ? null : replace(result.Message),
                                    Details = result.Details is null ? null : replace(result.Details),
                                }
                            ),
                        ],
                    }
                ),
            ],
        };

    static Dictionary<string, string> Replaced(IReadOnlyDictionary<string, string> properties, Func<string, string> replace) =>
        properties.ToDictionary(property => property.Key, property => replace(property.Value));
}
