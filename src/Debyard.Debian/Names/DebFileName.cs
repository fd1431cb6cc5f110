using System.Diagnostics.CodeAnalysis;
using Debyard.Debian.Control;

namespace Debyard.Debian.Names;

/// <summary>
/// A package's file name as dpkg-name(1) writes it: <c>name_version_architecture.deb</c>, with the version without its epoch. It contains
/// no slash and does not start with a dot, so it cannot leave its folder.
/// </summary>
public readonly record struct DebFileName(PackageName Name, string Version, Architecture Architecture)
{
    const string Extension = ".deb";

    /// <summary>
    /// The epoch that the parsed text contained; null if it contained none. It is not part of the name: names that differ only in it are
    /// equal, and <see cref="ToString"/> leaves it out.
    /// </summary>
    public int? Epoch { get; private init; }

    /// <exception cref="DebianFormatException">The text is not such a name.</exception>
    public static DebFileName Parse(string text) =>
        TryParse(text, out var fileName)
            ? fileName
            : throw new DebianFormatException($"'{text}' is not a package's file name, which is name_version_architecture.deb.");

    /// <summary>
    /// Accepts a version with its epoch too, because other tools write it: <c>foo_1%3a2.0_amd64.deb</c> (apt-get download) and
    /// <c>foo_1:2.0_amd64.deb</c> (CPack).
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DebFileName fileName)
    {
        fileName = default;
        if (text?.EndsWith(Extension, StringComparison.Ordinal) != true)
            return false;
        if (text[..^Extension.Length].Split('_') is not [var name, var versionText, var architectureText])
            return false;
        if (!PackageName.TryParse(name, out var packageName) || !Architecture.TryParse(architectureText, out var architecture))
            return false;

        versionText = versionText.Replace("%3a", ":", StringComparison.OrdinalIgnoreCase);
        if (!DebianVersion.TryParse(versionText, out var version) || version.WithoutEpoch.Contains(':'))
            return false;
        fileName = new DebFileName(packageName, version.WithoutEpoch, architecture)
        {
            Epoch = versionText.Contains(':') ? version.Epoch : null,
        };
        return true;
    }

    /// <summary>Returns the file name that a package with this control data must have.</summary>
    /// <exception cref="DebianFormatException">Package, Version or Architecture is missing or invalid.</exception>
    public static DebFileName For(Stanza control)
    {
        var name = PackageName.Parse(control.Required("Package"));
        var version = DebianVersion.Parse(control.Required("Version")).WithoutEpoch;
        var architecture = Architecture.Parse(control.Required("Architecture"));
        return version.Contains(':')
            ? throw new DebianFormatException(
                $"The version '{control["Version"]}' contains a colon after its epoch, which a file name cannot contain."
            )
            : new DebFileName(name, version, architecture);
    }

    public bool Equals(DebFileName other) => Name == other.Name && Version == other.Version && Architecture == other.Architecture;

    public override int GetHashCode() => HashCode.Combine(Name, Version, Architecture);

    public override string ToString() => $"{Name}_{Version}_{Architecture}{Extension}";
}
