using System.Globalization;
using System.Text;
using System.Xml;

namespace Debyard.Pipeline.Validation.Reports;

/// <summary>
/// A report in JUnit's XML format, as GitLab reads it: https://docs.gitlab.com/ci/testing/unit_test_reports/. GitLab shows <c>name</c>,
/// <c>classname</c>, <c>file</c>, <c>time</c>, and of a failure its text.
/// </summary>
public static class JUnitReport
{
    public static void Write(ValidationReport report, Stream stream)
    {
        using var xml = XmlWriter.Create(stream, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(false) });
        xml.WriteStartElement("testsuites");
        xml.WriteAttributeString("name", $"{report.Product} validation");
        WriteTotals(xml, report.Suites);
        foreach (var suite in report.Suites)
        {
            WriteSuite(xml, report, suite);
        }
        xml.WriteEndElement();
    }

    static void WriteSuite(XmlWriter xml, ValidationReport report, SuiteResult suite)
    {
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", Valid(suite.Name));
        xml.WriteAttributeString("timestamp", report.Started.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
        WriteTotals(xml, [suite]);
        xml.WriteStartElement("properties");
        foreach (var (name, value) in report.Properties.Concat(suite.Properties))
        {
            xml.WriteStartElement("property");
            xml.WriteAttributeString("name", Valid(name));
            xml.WriteAttributeString("value", Valid(value));
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
        foreach (var result in suite.Cases)
        {
            WriteCase(xml, report, suite, result);
        }
        xml.WriteEndElement();
    }

    static void WriteCase(XmlWriter xml, ValidationReport report, SuiteResult suite, CaseResult result)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", Valid($"{report.Product}.{suite.Name}"));
        xml.WriteAttributeString("name", Valid(result.Title));
        if (result.Line is { } line)
        {
            xml.WriteAttributeString("file", $"{report.Manifest}:{line}");
        }
        xml.WriteAttributeString("time", Seconds(result.Duration));
        if (result.Outcome != CaseOutcome.Passed)
        {
            xml.WriteStartElement(result.Outcome == CaseOutcome.Failed ? "failure" : "skipped");
            xml.WriteAttributeString("message", Valid(result.Message ?? ""));
            if (result.Outcome == CaseOutcome.Failed)
            {
                xml.WriteString(Valid($"{result.Message}\n{result.Details}".Trim()));
            }
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    static void WriteTotals(XmlWriter xml, IReadOnlyList<SuiteResult> suites)
    {
        string Sum(Func<SuiteResult, int> count) => suites.Sum(count).ToString(CultureInfo.InvariantCulture);
        xml.WriteAttributeString("tests", Sum(suite => suite.Cases.Count));
        xml.WriteAttributeString("failures", Sum(suite => suite.Count(CaseOutcome.Failed)));
        xml.WriteAttributeString("errors", "0");
        xml.WriteAttributeString("skipped", Sum(suite => suite.Count(CaseOutcome.NotRun)));
        xml.WriteAttributeString("time", Seconds(TimeSpan.FromTicks(suites.Sum(suite => suite.Duration.Ticks))));
    }

    static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    // Logs contain escape sequences of terminals and other characters that XML 1.0 cannot have.
    static string Valid(string text)
    {
        var valid = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (XmlConvert.IsXmlChar(text[at]))
            {
                valid.Append(text[at]);
            }
            else if (at + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[at + 1], text[at]))
            {
                valid.Append(text, at++, 2);
            }
            else
            {
                valid.Append('\uFFFD');
            }
        }
        return valid.ToString();
    }
}
