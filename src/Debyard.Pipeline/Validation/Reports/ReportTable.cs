using System.Globalization;

namespace Debyard.Pipeline.Validation.Reports;

/// <summary>A report as lines for people: one for each case, then the totals.</summary>
public static class ReportTable
{
    const int LongestTitle = 60;

    public static IEnumerable<string> Lines(ValidationReport report)
    {
        if (report.Suites.Count == 0)
        {
            yield break;
        }
        var suiteWidth = report.Suites.Max(suite => suite.Name.Length);
        var titleWidth = report
            .Suites.SelectMany(suite => suite.Cases)
            .Select(result => Shortened(result.Title).Length)
            .DefaultIfEmpty()
            .Max();
        foreach (var suite in report.Suites)
        {
            foreach (var result in suite.Cases)
            {
                var time = string.Create(CultureInfo.InvariantCulture, $"{result.Duration.TotalSeconds, 7:0.00} s");
                var name = $"{suite.Name.PadRight(suiteWidth)}  {Shortened(result.Title).PadRight(titleWidth)}";
                yield return $"{name}  {Word(result.Outcome), -7} {time}  {result.Message}".TrimEnd();
            }
        }
        yield return $"{report.Suites.Sum(suite => suite.Cases.Count)} checks: {report.Count(CaseOutcome.Passed)} passed"
            + Others(report.Count(CaseOutcome.Failed), "failed")
            + Others(report.Count(CaseOutcome.NotRun), "not run");
    }

    internal static string Word(CaseOutcome outcome) => outcome == CaseOutcome.NotRun ? "not run" : outcome.ToString().ToLowerInvariant();

    static string Others(int count, string what) => count > 0 ? $", {count} {what}" : "";

    static string Shortened(string title) => title.Length > LongestTitle ? title[..(LongestTitle - 1)] + "…" : title;
}
