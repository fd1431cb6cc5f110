namespace Nuke.Common.Utilities;

public static class StringExtensions
{
    public static bool IsNullOrEmpty(this string str) => string.IsNullOrEmpty(str);

    public static bool IsNullOrWhiteSpace(this string str) => string.IsNullOrWhiteSpace(str);

    public static bool EqualsOrdinalIgnoreCase(this string str, string other) =>
        string.Equals(str, other, StringComparison.OrdinalIgnoreCase);

    public static bool ContainsOrdinalIgnoreCase(this string str, string other) => str.Contains(other, StringComparison.OrdinalIgnoreCase);

    public static bool StartsWithOrdinalIgnoreCase(this string str, string other) =>
        str.StartsWith(other, StringComparison.OrdinalIgnoreCase);

    public static bool EndsWithOrdinalIgnoreCase(this string str, string other) => str.EndsWith(other, StringComparison.OrdinalIgnoreCase);

    public static string Join(this IEnumerable<string> enumerable, string separator) => string.Join(separator, enumerable);

    public static string Join(this IEnumerable<string> enumerable, char separator) => string.Join(separator, enumerable);

    public static string JoinSpace(this IEnumerable<string> values) => values.Join(' ');

    public static string JoinComma(this IEnumerable<string> values) => values.Join(',');

    public static string JoinCommaSpace(this IEnumerable<string> values) => values.Join(", ");

    public static string JoinNewLine(this IEnumerable<string> values, PlatformFamily? platformFamily = null) =>
        values.Join(
            platformFamily switch
            {
                null => Environment.NewLine,
                PlatformFamily.Windows => "\r\n",
                _ => "\n",
            }
        );

    public static string[] SplitLineBreaks(this string str, StringSplitOptions options = StringSplitOptions.None) =>
        str.Split(["\r\n", "\n"], options);

    public static bool IsDoubleQuoted(this string str) => str.StartsWith('"') && str.EndsWith('"');

    public static bool IsSingleQuoted(this string str) => str.StartsWith('\'') && str.EndsWith('\'');

    public static string DoubleQuote(this string str) => $"\"{str?.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    public static string SingleQuote(this string str) => $"'{str?.Replace("'", "\\'", StringComparison.Ordinal)}'";

    /// <summary>In quotes if it contains spaces; nothing for blank text.</summary>
    public static string DoubleQuoteIfNeeded(this string str) =>
        string.IsNullOrWhiteSpace(str) ? ""
        : str.IsDoubleQuoted() || !str.Contains(' ') ? str
        : str.DoubleQuote();

    public static string SingleQuoteIfNeeded(this string str) =>
        string.IsNullOrWhiteSpace(str) ? ""
        : str.IsSingleQuoted() || !str.Contains(' ') ? str
        : str.SingleQuote();
}
