namespace Debyard.Protocol;

/// <summary>Request of <c>POST /{branch}/</c>.</summary>
public sealed record Batch(IReadOnlyList<BatchFile?>? Files);

/// <summary>A file offered by its digests. Without a suite or component the server's defaults apply.</summary>
public sealed record BatchFile(string? Name, long? Size, string? Md5, string? Sha1, string? Sha256, string? Suite, string? Component);

/// <summary>Answer of <c>POST /{branch}/</c>: the same files in the same order.</summary>
public sealed record BatchAnswer(string Branch, IReadOnlyList<FileAnswer> Files);

/// <param name="Detail">The reason for a conflict; otherwise absent.</param>
public sealed record FileAnswer(string Name, FileOutcome Outcome, string? Detail = null);

/// <summary>Answer of <c>DELETE /{branch}/{file}.deb</c>.</summary>
public sealed record DeletedAnswer(string Name, string Outcome);
