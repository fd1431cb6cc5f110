using Debyard.Repository.Storage;

namespace Debyard.Repository.Contents;

/// <summary>A package that a branch lists, and whether the branch owns it.</summary>
public sealed record ListedPackage(Package Package, Ownership Ownership);
