namespace Debyard.Debian.Packages;

/// <summary>How the members of a package are compressed.</summary>
public enum DebCompression
{
    /// <summary>Works wherever .NET does.</summary>
    GZip,

    /// <summary>Smaller and slower; needs liblzma.</summary>
    Xz,
}
