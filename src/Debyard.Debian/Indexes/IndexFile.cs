using Debyard.Debian.Names;

namespace Debyard.Debian.Indexes;

/// <summary>A file listed in a <c>Release</c> file.</summary>
/// <param name="Path">Relative to the folder of the Release file, such as <c>main/binary-amd64/Packages.gz</c>.</param>
/// <param name="Size">In bytes.</param>
public sealed record IndexFile(string Path, long Size, Sha256 Sha256);
