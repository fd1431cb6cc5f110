namespace Debyard.Protocol;

/// <summary>
/// Packages passed validation. Body of <c>PUT /api/branches/{branch}/verdicts/{fingerprint}</c>. It holds for exactly these bytes,
/// installed with exactly those.
/// </summary>
/// <param name="Fingerprint">SHA-256 over packages, dependencies, base and checks; 64 hexadecimal digits.</param>
/// <param name="Architecture">What the container ran: a Debian architecture.</param>
/// <param name="Packages">The packages that were validated.</param>
/// <param name="Installed">What was installed together with them, from this branch and from other archives.</param>
/// <param name="Base">The base image's name and fingerprint.</param>
/// <param name="Start">How services were started: <c>systemd</c>, <c>exec</c> or <c>command</c>.</param>
/// <param name="Checks">What was checked.</param>
/// <param name="Passed">When.</param>
public sealed record Verdict(
    string? Fingerprint,
    string? Architecture,
    IReadOnlyList<VerdictFile?>? Packages,
    IReadOnlyList<VerdictFile?>? Installed,
    string? Base,
    IReadOnlyList<string>? Start,
    IReadOnlyList<string>? Checks,
    DateTimeOffset Passed
);

/// <param name="Name">The file name, <c>name_version_architecture.deb</c>.</param>
/// <param name="Branch">Whether it came from the branch; false: from another archive, such as Debian's.</param>
public sealed record VerdictFile(string? Name, string? Sha256, bool Branch);

/// <summary>Answer of <c>GET /api/branches/{branch}/verdicts/{fingerprint}</c>.</summary>
/// <param name="RecordedBy">The branch that recorded it: this one, or a trusted one.</param>
/// <param name="Changed">Packages of the branch that are not what the verdict was given with; if any, validate again.</param>
public sealed record VerdictAnswer(Verdict Verdict, string RecordedBy, IReadOnlyList<string> Changed);

/// <summary>Answer of <c>GET /api/branches/{branch}/verdicts</c>: those of the branch itself, newest first.</summary>
public sealed record VerdictList(IReadOnlyList<VerdictAnswer> Verdicts);

/// <summary>
/// How to validate a product, kept with its packages. Body of <c>PUT /api/branches/{branch}/plans/{sha256}</c>.
/// </summary>
/// <param name="Plan">The <c>validation</c> of the product's manifest, as JSON. The server does not look into it.</param>
/// <param name="Files">The files that the plan names: path relative to it, and content in base64.</param>
public sealed record CarriedPlan(string? Product, string? Plan, IReadOnlyDictionary<string, string>? Files);

/// <summary>Answer of <c>GET /api/branches/{branch}/plans</c>: the branch's latest packages that carry a plan.</summary>
public sealed record CarriedPlanList(IReadOnlyList<CarriedPlanEntry> Plans);

/// <param name="RecordedBy">The branch that recorded the plan: this one, or a trusted one.</param>
public sealed record CarriedPlanEntry(string Name, string Sha256, string RecordedBy, CarriedPlan Plan);
