using Debyard.Debian.Names;
using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.BuildCache;

/// <summary>A file that a build made.</summary>
public sealed record BuiltFile(DebFileName Name, Sha256 Sha256);

/// <summary>The packages that a build with this fingerprint produced, as a branch recorded them.</summary>
public sealed record CachedBuild(string Fingerprint, BranchName Branch, IReadOnlyList<Package> Files);
