using System.Text.Json;
using System.Text.Json.Serialization;
using Debyard.Repository;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Debyard.Server;

/// <summary>RFC 9457: what is wrong and what to do, for programs and for people.</summary>
sealed record Problem(string Title, int Status, string Detail)
{
    public static Problem Of(int status, string detail) => new(ReasonPhrases.GetReasonPhrase(status), status, detail);

    public IResult ToResult() => TypedResults.Json(this, ProtocolJson.Default.Problem, "application/problem+json", Status);
}

/// <summary>What <c>POST /{branch}/</c> is asked.</summary>
sealed record Batch(IReadOnlyList<BatchFile> Files);

sealed record BatchFile(string Name, long Size, string? Md5, string? Sha1, string? Sha256, string? Suite, string? Component);

/// <summary>What it answers: the same files in the same order.</summary>
sealed record BatchAnswer(string Branch, IReadOnlyList<FileAnswer> Files);

sealed record FileAnswer(string Name, OfferOutcome Outcome, string? Detail = null);

/// <summary>What <c>PUT /api/branches/{branch}</c> is asked.</summary>
sealed record BranchRequest(string? Ref);

sealed record BranchAnswer(string Branch, string? Ref, Uri Url, bool Created);

sealed record BranchList(IReadOnlyList<BranchEntry> Branches);

sealed record BranchEntry(string Branch, string? Ref, string? Parent, Uri Url, Uri Sources, int Packages);

sealed record BranchDetails(string Branch, string? Ref, string? Parent, Uri Url, Uri Sources, IReadOnlyList<PackageEntry> Packages);

sealed record PackageEntry(string Name, string Package, string Version, string Architecture, string Suite, string Component, long Size, string Sha256, Provenance Provenance, Uri Url);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, Converters = [typeof(LowerCase<OfferOutcome>), typeof(LowerCase<Provenance>)], DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Batch))]
[JsonSerializable(typeof(BatchAnswer))]
[JsonSerializable(typeof(FileAnswer))]
[JsonSerializable(typeof(BranchRequest))]
[JsonSerializable(typeof(BranchAnswer))]
[JsonSerializable(typeof(BranchList))]
[JsonSerializable(typeof(BranchDetails))]
[JsonSerializable(typeof(VerificationReport))]
sealed partial class ProtocolJson : JsonSerializerContext;

/// <summary>The protocol's words for an enum's: <c>present</c>, <c>linked</c>, …</summary>
sealed class LowerCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase) where T : struct, Enum;
