namespace Debyard.Repository.Verification;

/// <summary>The result of verifying a root.</summary>
/// <param name="Blobs">The number of distinct package files.</param>
/// <param name="Bytes">The total size of the package files.</param>
/// <param name="Branches">The number of branches.</param>
/// <param name="Rebuilt">Metadata files that were missing or damaged and have been rebuilt; paths relative to the root.</param>
/// <param name="Damaged">Damaged or missing files that cannot be rebuilt.</param>
public sealed record VerificationReport(int Blobs, long Bytes, int Branches, IReadOnlyList<string> Rebuilt, IReadOnlyList<Damage> Damaged);

/// <summary>A damaged or missing file.</summary>
/// <param name="Path">Relative to the root.</param>
/// <param name="Problem">What is wrong, and what to do.</param>
public sealed record Damage(string Path, string Problem);
