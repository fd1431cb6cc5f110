namespace Debyard.Protocol;

/// <summary>Request of <c>POST /api/branches/{branch}/promote</c>: files by name, packages in their latest version, or both.</summary>
/// <param name="Suite">The suite to list them in; absent: the suite they are in at the source.</param>
public sealed record PromotionRequest(
    string? From,
    IReadOnlyList<PromotedFile>? Files,
    IReadOnlyList<string>? Packages,
    string? Suite,
    string? Component
);

public sealed record PromotedFile(string? Name, string? Suite, string? Component);

/// <summary>Answer of <c>GET /api/branches/{branch}/diff</c>.</summary>
public sealed record DifferenceList(string Branch, string Against, IReadOnlyList<DifferenceEntry> Differences);

/// <param name="Change"><c>added</c>, <c>removed</c>, <c>newer</c>, <c>older</c> or <c>rebuilt</c>, seen from the branch.</param>
/// <param name="Version">The branch's latest version.</param>
/// <param name="Against">The other branch's latest version.</param>
public sealed record DifferenceEntry(
    string Package,
    string Architecture,
    string Suite,
    string Component,
    string Change,
    string? Version,
    string? Against
);
