namespace Debyard.Debian.Indexes;

/// <summary>A file that a <c>Release</c> file vouches for.</summary>
/// <param name="Path">From the Release file's folder, such as <c>main/binary-amd64/Packages.gz</c>.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
public sealed record IndexFile(string Path, long Size, string Sha256);
