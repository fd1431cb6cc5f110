using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Debyard.Pipeline.Validation.Reports;

/// <summary>The last validation's reports in a folder: <c>junit.xml</c> for CI servers, and <c>report.json</c> for programs.</summary>
public static class ReportFiles
{
    public const string JUnit = "junit.xml";
    public const string Json = "report.json";

    /// <summary>Replaces the reports of an earlier validation.</summary>
    public static void Write(ValidationReport report, string folder)
    {
        Directory.CreateDirectory(folder);
        Replace(Path.Combine(folder, JUnit), stream => JUnitReport.Write(report, stream));
        Replace(Path.Combine(folder, Json), stream => JsonSerializer.Serialize(stream, report, ReportJson.Plain.ValidationReport));
    }

    static void Replace(string path, Action<Stream> write)
    {
        var draft = path + ".part";
        using (var stream = File.Create(draft))
        {
            write(stream);
        }
        File.Move(draft, path, overwrite: true);
    }
}

[JsonSerializable(typeof(ValidationReport))]
sealed partial class ReportJson : JsonSerializerContext
{
    public static ReportJson Plain { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
                Converters = { new JsonStringEnumConverter<CaseOutcome>(JsonNamingPolicy.CamelCase) },
                DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
                // Readable by people too: the file is not embedded in HTML.
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                WriteIndented = true,
            }
        );
}
