using System.ComponentModel;
using System.Globalization;
using Nuke.Common.Utilities;

namespace Nuke.Common.IO;

public interface IAbsolutePathHolder
{
    AbsolutePath Path { get; }
}

/// <summary>A rooted, normalised path: <c>RootDirectory / "output" / "packages"</c>.</summary>
[TypeConverter(typeof(TypeConverter))]
public class AbsolutePath : IAbsolutePathHolder, IFormattable
{
    public const string DoubleQuote = "d";
    public const string DoubleQuoteIfNeeded = "dn";
    public const string SingleQuote = "s";
    public const string SingleQuoteIfNeeded = "sn";
    public const string NoQuotes = "nq";

    readonly string path;

    AbsolutePath(string path) => this.path = PathText.Normalize(path);

    public static AbsolutePath Create(string path) => new(path);

    AbsolutePath IAbsolutePathHolder.Path => this;

    public string Name => Path.GetFileName(path);
    public string NameWithoutExtension => Path.GetFileNameWithoutExtension(path);
    public string Extension => Path.GetExtension(path);

    /// <summary>Null for a root.</summary>
    public AbsolutePath Parent => PathText.Parts(path[PathText.Root(path).Length..]).Length == 0 ? null : this / "..";

    public static implicit operator AbsolutePath(string path)
    {
        if (path is null)
            return null;
        Assert.True(PathText.IsRooted(path), $"Path '{path}' must be rooted");
        return new AbsolutePath(path);
    }

    public static implicit operator string(AbsolutePath path) => path?.path;

    public static AbsolutePath operator /(AbsolutePath left, string right) => new(PathText.Combine(left.NotNull().path, right));

    public static AbsolutePath operator /(AbsolutePath left, Range range)
    {
        Assert.True(range.Equals(Range.All));
        return left.Parent;
    }

    public static AbsolutePath operator +(AbsolutePath left, string right) => new(left.path + right);

    public static bool operator ==(AbsolutePath a, AbsolutePath b) => Equals(a, b);

    public static bool operator !=(AbsolutePath a, AbsolutePath b) => !Equals(a, b);

    public override bool Equals(object obj) => obj is AbsolutePath other && path.Equals(other.path, Comparison);

    public override int GetHashCode() => path.GetHashCode(Comparison);

    public override string ToString() => path;

    public string ToString(string format) =>
        format switch
        {
            null or NoQuotes => path,
            DoubleQuote => path.DoubleQuote(),
            DoubleQuoteIfNeeded => path.DoubleQuoteIfNeeded(),
            SingleQuote => path.SingleQuote(),
            SingleQuoteIfNeeded => path.SingleQuoteIfNeeded(),
            _ => throw new ArgumentException($"Format '{format}' is not recognized"),
        };

    string IFormattable.ToString(string format, IFormatProvider formatProvider) => ToString(format);

    StringComparison Comparison => PathText.Root(path).EndsWith(':') ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    public class TypeConverter : System.ComponentModel.TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext context, Type sourceType) => sourceType == typeof(string);

        public override object ConvertFrom(ITypeDescriptorContext context, CultureInfo culture, object value) =>
            value is not string text ? null
            : PathText.IsRooted(text) ? (AbsolutePath)text
            : EnvironmentInfo.WorkingDirectory / text;
    }
}
