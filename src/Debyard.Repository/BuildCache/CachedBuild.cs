using Debyard.Debian.Names;
using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.BuildCache;

/// <summary>A package file that a build produced.</summary>
public sealed record BuiltFile(DebFileName Name, string Sha256);

/// <summary>The packages that a build with this fingerprint produced, as a branch recorded them.</summary>
public sealed record CachedBuild(string Fingerprint, BranchName Branch, IReadOnlyList<Package> Files);
