using System.Text.Json.Serialization;

namespace Debyard.Pipeline.Repository;

sealed record BranchRequest(string Ref);

sealed record BranchAnswer(string Branch, bool Created);

sealed record OfferedFile(string Name, long Size, string Md5, string Sha1, string Sha256, string Suite, string Component);

sealed record Offer(IReadOnlyList<OfferedFile> Files);

sealed record OfferedState(string Name, string Outcome, string? Detail);

sealed record OfferAnswer(IReadOnlyList<OfferedState> Files);

sealed record BuildQuestion(IReadOnlyList<string> Fingerprints);

sealed record BuildAnswer(IReadOnlyList<BuildEntry>? Builds);

sealed record BuildEntry(string Fingerprint, string Branch, IReadOnlyList<BuildFile> Files);

sealed record BuildFile(string Name, long Size, string Md5, string Sha1, string Sha256);

sealed record BuildClaims(IReadOnlyList<ClaimedBuild> Builds);

sealed record ClaimedBuild(string Fingerprint, IReadOnlyList<ClaimedFile> Files);

sealed record ClaimedFile(string Name, string Sha256);

sealed record ClaimAnswer(int Claimed);

sealed record ProblemAnswer(string? Title, string? Detail);

[JsonSerializable(typeof(BranchRequest))]
[JsonSerializable(typeof(BranchAnswer))]
[JsonSerializable(typeof(Offer))]
[JsonSerializable(typeof(OfferAnswer))]
[JsonSerializable(typeof(ProblemAnswer))]
[JsonSerializable(typeof(BuildQuestion))]
[JsonSerializable(typeof(BuildAnswer))]
[JsonSerializable(typeof(BuildClaims))]
[JsonSerializable(typeof(ClaimAnswer))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
sealed partial class ProtocolJson : JsonSerializerContext;
