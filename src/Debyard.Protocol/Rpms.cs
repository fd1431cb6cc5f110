namespace Debyard.Protocol;

/// <summary>Request of <c>POST /{branch}/rpm/</c>; the answer is a <see cref="BatchAnswer"/>.</summary>
public sealed record RpmBatch(IReadOnlyList<RpmBatchFile?>? Files);

/// <summary>An rpm offered by its name and the SHA-256 of the file that would be uploaded, without the server's signature.</summary>
public sealed record RpmBatchFile(string? Name, string? Sha256);
