namespace Debyard.Debian.Packages;

/// <summary>The compression of the members of a written package.</summary>
public enum DebCompression
{
    /// <summary>Works on every platform of .NET.</summary>
    GZip,

    /// <summary>Smaller output, slower; needs liblzma.</summary>
    Xz,
}
