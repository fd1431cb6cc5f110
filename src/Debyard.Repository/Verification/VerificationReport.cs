namespace Debyard.Repository.Verification;

/// <summary>What reading every byte of a root found.</summary>
/// <param name="Blobs">How many package files there are, each counted once.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="Branches">How many branches list them.</param>
/// <param name="Rebuilt">Descriptions that were missing or damaged and were made again from the bytes; paths below the root.</param>
/// <param name="Damaged">What cannot be made again from anything here.</param>
public sealed record VerificationReport(int Blobs, long Bytes, int Branches, IReadOnlyList<string> Rebuilt, IReadOnlyList<Damage> Damaged);

/// <summary>A file that is not what it should be.</summary>
/// <param name="Path">Below the root.</param>
/// <param name="Problem">What is wrong with it and what to do, in words.</param>
public sealed record Damage(string Path, string Problem);
