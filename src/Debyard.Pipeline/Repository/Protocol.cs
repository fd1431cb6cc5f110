using System.Text.Json.Serialization;

namespace Debyard.Pipeline.Repository;

sealed record BranchRequest(string Ref);

sealed record BranchAnswer(string Branch, bool Created);

sealed record OfferedFile(string Name, long Size, string Md5, string Sha1, string Sha256, string Suite, string Component);

sealed record Offer(IReadOnlyList<OfferedFile> Files);

sealed record OfferedState(string Name, string Outcome, string? Detail);

sealed record OfferAnswer(IReadOnlyList<OfferedState> Files);

sealed record ProblemAnswer(string? Title, string? Detail);

[JsonSerializable(typeof(BranchRequest))]
[JsonSerializable(typeof(BranchAnswer))]
[JsonSerializable(typeof(Offer))]
[JsonSerializable(typeof(OfferAnswer))]
[JsonSerializable(typeof(ProblemAnswer))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
sealed partial class ProtocolJson : JsonSerializerContext;
