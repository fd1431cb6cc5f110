using Debyard.Repository.Storage;

namespace Debyard.Repository.Contents;

/// <summary>A package as one branch lists it.</summary>
public sealed record ListedPackage(Package Package, Ownership Ownership);
