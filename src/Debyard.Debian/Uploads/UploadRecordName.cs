using System.Diagnostics.CodeAnalysis;
using Debyard.Debian.Control;
using Debyard.Debian.Names;

namespace Debyard.Debian.Uploads;

/// <summary>
/// The name of a .changes or .buildinfo file as dpkg-genchanges(1) and dpkg-genbuildinfo(1) write it:
/// <c>source_version_architecture.changes</c>, with the version without its epoch. It contains no slash and does not start with a dot.
/// </summary>
public readonly record struct UploadRecordName
{
    const int MaxLength = 255;
    static readonly string[] extensions = [".changes", ".buildinfo"];

    readonly string? text;
    readonly string version;

    UploadRecordName(string text, PackageName source, string version) => (this.text, Source, this.version) = (text, source, version);

    /// <summary>The source package.</summary>
    public PackageName Source { get; }

    public bool IsChanges => ToString().EndsWith(".changes", StringComparison.Ordinal);

    /// <exception cref="DebianFormatException">The text is not such a name.</exception>
    public static UploadRecordName Parse(string text) =>
        TryParse(text, out var name)
            ? name
            : throw new DebianFormatException(
                $"'{text}' is not source_version_architecture.changes or source_version_architecture.buildinfo."
            );

    public static bool TryParse([NotNullWhen(true)] string? text, out UploadRecordName name)
    {
        name = default;
        if (
            text is null or { Length: > MaxLength }
            || Array.Find(extensions, extension => text.EndsWith(extension, StringComparison.Ordinal)) is not { } found
        )
            return false;
        if (text[..^found.Length].Split('_') is not [var sourceText, var versionText, var architectures])
            return false;
        if (!PackageName.TryParse(sourceText, out var source) || !IsVersion(versionText) || !IsArchitectures(architectures))
            return false;
        name = new UploadRecordName(text, source, versionText);
        return true;
    }

    /// <summary>Checks that the file's content is about the source and version of its name.</summary>
    /// <exception cref="DebianFormatException">It is not, or a field is missing.</exception>
    public void Check(Stanza content)
    {
        // A binary-only upload writes 'Source: name (version)' (Debian Policy 5.6.1).
        var stated = (
            Source: PackageName.Parse(content.Required("Source").Split(' ')[0]),
            Version: DebianVersion.Parse(content.Required("Version")).WithoutEpoch
        );
        if (stated != (Source, version))
            throw new DebianFormatException(
                $"The content is of {stated.Source} {stated.Version}, but the name is of {Source} {version}; rename the file."
            );
    }

    static bool IsVersion(string text) =>
        DebianVersion.TryParse(text, out var version) && version.WithoutEpoch == text && !text.Contains(':');

    // Several architectures are joined, or called 'multi'.
    static bool IsArchitectures(string text) =>
        text.Length > 0 && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '+' or '-');

    public override string ToString() => text ?? "";
}
