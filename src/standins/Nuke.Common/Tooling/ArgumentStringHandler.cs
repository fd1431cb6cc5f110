using System.Runtime.CompilerServices;
using Nuke.Common.IO;
using Nuke.Common.Utilities;

namespace Nuke.Common.Tooling;

/// <summary>
/// Arguments as an interpolated string: a value with spaces is put into quotes; <c>:nq</c> leaves it as it is, <c>:r</c> keeps
/// it out of the log.
/// </summary>
[InterpolatedStringHandler]
public ref struct ArgumentStringHandler
{
    readonly List<string> secrets = [];
    DefaultInterpolatedStringHandler text;

    public ArgumentStringHandler(int literalLength, int formattedCount, out bool handlerIsValid)
    {
        text = new DefaultInterpolatedStringHandler(literalLength, formattedCount);
        handlerIsValid = true;
    }

    public static implicit operator ArgumentStringHandler(string value) => $"{value.NotNull()}";

    public void AppendLiteral(string value) => text.AppendLiteral(value);

    public void AppendFormatted(object obj, int alignment = 0, string format = null)
    {
        switch (obj)
        {
            case string secret when format == "r":
                secrets.Add(secret);
                text.AppendFormatted(secret, alignment);
                break;
            case string value:
                text.AppendFormatted(
                    format == "nq" || value.IsDoubleQuoted() || value.IsSingleQuoted() ? value : value.DoubleQuoteIfNeeded(),
                    alignment
                );
                break;
            case IAbsolutePathHolder holder:
                text.AppendFormatted(holder.Path, alignment, format ?? AbsolutePath.DoubleQuoteIfNeeded);
                break;
            default:
                text.AppendFormatted(obj?.ToString(), alignment, format);
                break;
        }
    }

    public void AppendFormatted(IEnumerable<IAbsolutePathHolder> paths, int alignment = 0, string format = null)
    {
        foreach (var (i, path) in paths.Index())
        {
            if (i > 0)
                AppendLiteral(" ");
            AppendFormatted((object)path, alignment, format);
        }
    }

    // An argument string made of one value alone is not itself quoted.
    public string ToStringAndClear()
    {
        var value = text.ToStringAndClear();
        return value.Length > 1 && value.StartsWith('"') && value.IndexOf('"', 1) == value.Length - 1 ? value[1..^1] : value;
    }

    public readonly Func<string, string> GetFilter()
    {
        var hidden = secrets;
        return x => hidden.Aggregate(x, (line, secret) => line.Replace(secret, "[REDACTED]", StringComparison.Ordinal));
    }
}
