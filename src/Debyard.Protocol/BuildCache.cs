namespace Debyard.Protocol;

/// <summary>Request of <c>POST /api/builds</c>.</summary>
/// <param name="Fingerprints">SHA-256 fingerprints, 64 hexadecimal digits each.</param>
/// <param name="Ref">The git ref that the caller builds for: if the caller may write its branch, the branch's own builds count too.</param>
public sealed record CachedBuildQuery(IReadOnlyList<string?>? Fingerprints, string? Ref = null);

/// <summary>Answer of <c>POST /api/builds</c>: the builds that trusted branches have; fingerprints without one are left out.</summary>
public sealed record CachedBuildList(IReadOnlyList<CachedBuildEntry>? Builds);

public sealed record CachedBuildEntry(string Fingerprint, string Branch, IReadOnlyList<CachedFile> Files);

public sealed record CachedFile(string Name, long Size, string Md5, string Sha1, string Sha256);

/// <summary>Request of <c>POST /api/branches/{branch}/builds</c>: which fingerprints' builds made files that the branch lists.</summary>
public sealed record RecordBuildsRequest(IReadOnlyList<RecordedBuild?>? Builds);

public sealed record RecordedBuild(string? Fingerprint, IReadOnlyList<RecordedFile?>? Files);

public sealed record RecordedFile(string? Name, string? Sha256);

public sealed record RecordBuildsAnswer(string Branch, int Recorded);
