using Debyard.Debian.Digests;

namespace Debyard.Pipeline.Repository;

/// <summary>A package to publish in a branch's repository.</summary>
/// <param name="Path">Its path on this machine; null if only the server has it.</param>
public sealed record PackageFile(string? Path, string FileName, FileDigests Digests);
