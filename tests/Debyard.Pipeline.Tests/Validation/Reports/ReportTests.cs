using System.Text.Json;
using System.Xml.Linq;
using Debyard.Pipeline.Validation.Reports;

namespace Debyard.Pipeline.Tests.Validation.Reports;

public sealed class ReportTests
{
    static readonly ValidationReport report = new(
        "player",
        "debyard.yml",
        new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero),
        [
            new SuiteResult(
                "licensed",
                [
                    new CaseResult("GET /health", CaseOutcome.Passed, TimeSpan.FromMilliseconds(34)) { Line = 51 },
                    new CaseResult("GET /<media>", CaseOutcome.Failed, TimeSpan.FromSeconds(1.5))
                    {
                        Line = 52,
                        Message = "GET /<media>: expected status 200, got status 403: \u001b[31mno licence\u001b[0m 🔒",
                        Details = "asked: GET /<media>\naddress: 127.0.0.1:80",
                    },
                ]
            )
            {
                Properties = new Dictionary<string, string> { ["init"] = "systemd" },
            },
            new SuiteResult("arm64", [new CaseResult("install", CaseOutcome.NotRun, TimeSpan.Zero) { Message = "this engine runs amd64" }]),
        ]
    )
    {
        Properties = new Dictionary<string, string> { ["package"] = "player_1.0_all.deb" },
    };

    [Fact]
    public void JUnit_has_a_suite_for_each_scenario_and_a_case_for_each_check()
    {
        using var folder = new TemporaryFolder();
        ReportFiles.Write(report, folder.Path);

        Golden.Equal(File.ReadAllText(folder[ReportFiles.JUnit]), "junit.txt");
        // A strict reader agrees, and the text of a log survives.
        var failure = XDocument.Load(folder[ReportFiles.JUnit]).Descendants("failure").Single();
        Assert.Contains("no licence", failure.Value, StringComparison.Ordinal);
        Assert.Contains("🔒", failure.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_the_whole_report()
    {
        using var folder = new TemporaryFolder();
        ReportFiles.Write(report, folder.Path);
        ReportFiles.Write(report, folder.Path); // a later validation replaces it

        Golden.Equal(File.ReadAllText(folder[ReportFiles.Json]) + "\n", "report.json");
        Assert.True(JsonDocument.Parse(File.ReadAllText(folder[ReportFiles.Json])).RootElement.GetProperty("hasFailed").GetBoolean());
        Assert.Equal([ReportFiles.JUnit, ReportFiles.Json], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void The_table_has_a_line_for_each_check_and_one_with_the_totals() =>
        Assert.Equal(
            [
                "licensed  GET /health   passed     0.03 s",
                "licensed  GET /<media>  failed     1.50 s  GET /<media>: expected status 200, got status 403: "
                    + "\u001b[31mno licence\u001b[0m 🔒",
                "arm64     install       not run    0.00 s  this engine runs amd64",
                "3 checks: 1 passed, 1 failed, 1 not run",
            ],
            ReportTable.Lines(report)
        );

    [Fact]
    public void Every_text_of_a_report_can_be_masked()
    {
        var masked = report.WithTexts(text => text.Replace('a', '*'));

        using var folder = new TemporaryFolder();
        ReportFiles.Write(masked with { Product = "", Manifest = "" }, folder.Path);
        var json = JsonDocument.Parse(File.ReadAllText(folder[ReportFiles.Json]));
        Assert.All(Texts(json.RootElement), text => Assert.DoesNotContain('a', text));
        Assert.Contains("pl*yer_1.0_*ll.deb", Texts(json.RootElement));
    }

    static IEnumerable<string> Texts(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .Where(property => property.Name != "outcome")
                .SelectMany(property => Texts(property.Value)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
            JsonValueKind.String => [element.GetString()!],
            _ => [],
        };
}
