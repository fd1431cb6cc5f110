using System.Diagnostics.CodeAnalysis;
using Debyard.Debian.Control;

namespace Debyard.Debian.Names;

/// <summary>
/// A package file's name as dpkg-name(1) writes it, <c>name_version_architecture.deb</c>, the version without its epoch. It cannot leave its
/// folder: no slash, no dot at the start.
/// </summary>
public readonly record struct DebFileName(PackageName Name, string Version, Architecture Architecture)
{
    const string Extension = ".deb";

    /// <exception cref="DebianFormatException">Not such a name.</exception>
    public static DebFileName Parse(string text) =>
        TryParse(text, out var fileName)
            ? fileName
            : throw new DebianFormatException(
                $"'{text}' is not name_version_architecture.deb, with the version written without its epoch."
            );

    public static bool TryParse([NotNullWhen(true)] string? text, out DebFileName fileName)
    {
        fileName = default;
        if (text?.EndsWith(Extension, StringComparison.Ordinal) != true)
            return false;
        if (text[..^Extension.Length].Split('_') is not [var name, var version, var architecture])
            return false;
        if (!PackageName.TryParse(name, out var packageName) || !IsVersion(version) || !Architecture.TryParse(architecture, out var token))
            return false;
        fileName = new DebFileName(packageName, version, token);
        return true;
    }

    /// <summary>The name that a package with this control data must have.</summary>
    /// <exception cref="DebianFormatException">Package, Version or Architecture is missing or wrong.</exception>
    public static DebFileName For(Stanza control)
    {
        var name = PackageName.Parse(control.Required("Package"));
        var version = DebianVersion.Parse(control.Required("Version")).WithoutEpoch;
        var architecture = Architecture.Parse(control.Required("Architecture"));
        return IsVersion(version)
            ? new DebFileName(name, version, architecture)
            : throw new DebianFormatException($"The version '{control["Version"]}' has a second colon, which no file name can carry.");
    }

    public override string ToString() => $"{Name}_{Version}_{Architecture}{Extension}";

    static bool IsVersion(string text) => !text.Contains(':') && DebianVersion.TryParse(text, out _);
}
