using System.Globalization;
using Nuke.Common.Hosts;
using Serilog.Events;
using Serilog.Parsing;

namespace Nuke.Common.Execution;

/// <summary>A log event as text; strings among its values are not quoted.</summary>
static class LogText
{
    public static string Message(LogEvent logEvent)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture);
        WriteMessage(logEvent, (_, piece) => text.Write(piece));
        return text.ToString();
    }

    public static void WriteMessage(LogEvent logEvent, Action<Style, string> write)
    {
        foreach (var token in logEvent.MessageTemplate.Tokens)
        {
            if (token is not PropertyToken property)
                write(Style.Text, token.ToString());
            else if (!logEvent.Properties.TryGetValue(property.PropertyName, out var value))
                write(Style.Invalid, property.ToString());
            else
                write(StyleOf(value), Aligned(Text(value, property.Format), property.Alignment));
        }
    }

    public static string Code(LogEventLevel level) =>
        level switch
        {
            LogEventLevel.Verbose => "VRB",
            LogEventLevel.Debug => "DBG",
            LogEventLevel.Information => "INF",
            LogEventLevel.Warning => "WRN",
            LogEventLevel.Error => "ERR",
            _ => "FTL",
        };

    static string Text(LogEventPropertyValue value, string format)
    {
        if (value is ScalarValue { Value: string text })
            return text;
        var output = new StringWriter(CultureInfo.InvariantCulture);
        value.Render(output, format, CultureInfo.InvariantCulture);
        return output.ToString();
    }

    static string Aligned(string text, Alignment? alignment) =>
        alignment switch
        {
            null => text,
            { Direction: AlignmentDirection.Left, Width: var width } => text.PadRight(width),
            { Width: var width } => text.PadLeft(width),
        };

    static Style StyleOf(LogEventPropertyValue value) =>
        value is not ScalarValue scalar
            ? Style.Scalar
            : scalar.Value switch
            {
                null => Style.Null,
                string => Style.String,
                bool => Style.Boolean,
                char or DateTime or DateTimeOffset or TimeSpan or Guid or Uri => Style.Scalar,
                ValueType => Style.Number,
                _ => Style.Scalar,
            };
}
