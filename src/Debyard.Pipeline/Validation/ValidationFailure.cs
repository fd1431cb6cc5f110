using Debyard.Pipeline.Validation.Installing;
using Debyard.Pipeline.Validation.Reports;

namespace Debyard.Pipeline.Validation;

/// <summary>The message about a failed validation.</summary>
public static class ValidationFailure
{
    /// <param name="report">A report with failures.</param>
    /// <param name="reports">The folder that has the reports, logs and file changes.</param>
    /// <param name="quarantine">The folder that has the packages; null: they are in the branch.</param>
    public static string Describe(ValidationReport report, string reports, string? quarantine = null)
    {
        var failures =
            from suite in report.Suites
            from result in suite.Cases
            where result.Outcome == CaseOutcome.Failed
            select $"{suite.Name}: {result.Message}{(result.Details is { } details ? $"\n{AptOutput.Indented(details)}" : "")}";
        var packages = quarantine is null ? "" : $", the packages in {quarantine}";
        return $"Validation failed{(quarantine is null ? "" : ", nothing is published")}. {string.Join('\n', failures)}\n"
            + $"The reports, the services' logs and the changed files are in {reports}{packages}.";
    }
}
