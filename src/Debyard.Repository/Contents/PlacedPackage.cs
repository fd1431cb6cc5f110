using Debyard.Debian.Names;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Contents;

/// <summary>A package, and the suite and component that list it.</summary>
public readonly record struct PlacedPackage(SuiteComponent SuiteComponent, Package Package);
