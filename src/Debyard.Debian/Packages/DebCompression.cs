namespace Debyard.Debian.Packages;

/// <summary>The compression of the members of a written package (deb(5)).</summary>
public enum DebCompression
{
    /// <summary>Works on every platform of .NET.</summary>
    GZip,

    /// <summary>Smaller output, slower; needs liblzma. Blocks are compressed in parallel.</summary>
    Xz,

    /// <summary>Fast, in parallel; dpkg reads it since 1.21.18 (Debian 12, Ubuntu 18.04).</summary>
    Zstd,

    /// <summary>Fast, and large.</summary>
    None,
}
