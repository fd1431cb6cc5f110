using System.Text.RegularExpressions;
using Debyard.Debian;
using Debyard.Debian.Names;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Rpm;

/// <summary>A file name <c>name-version-release.architecture.rpm</c>; its parts cannot leave a folder.</summary>
public readonly partial record struct RpmFileName
{
    const int MaxLength = 240;

    readonly string? value;

    RpmFileName(string value) => this.value = value;

    /// <exception cref="InvalidUploadException">The text is no such name.</exception>
    public static RpmFileName Parse(string? text) =>
        TryParse(text, out var name)
            ? name
            : throw new InvalidUploadException($"'{text}' is not the name of an rpm: it must be name-version-release.architecture.rpm.");

    public static bool TryParse(string? text, out RpmFileName name)
    {
        var isValid = text is { Length: <= MaxLength } && Pattern.IsMatch(text) && !text.EndsWith(".src.rpm", StringComparison.Ordinal);
        name = isValid ? new RpmFileName(text!) : default;
        return isValid;
    }

    /// <summary>The package, whose name is a Debian name too, because permissions are given for those.</summary>
    /// <exception cref="DebianFormatException">It is not a Debian name: it has an upper-case letter, for example.</exception>
    public PackageName Package => PackageName.Parse(string.Join('-', ToString().Split('-')[..^2]));

    public override string ToString() => value ?? "";

    // The characters that rpm allows in names, versions and releases (build/parsePreamble.c).
    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._+-]*-[A-Za-z0-9._+~^]+-[A-Za-z0-9._+~^]+\.[a-z0-9_]+\.rpm$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern { get; }
}
