using System.Text.Json;
using System.Text.Json.Serialization;
using Debyard.Repository.Contents;
using Debyard.Repository.Journal;
using Debyard.Repository.Operations;
using Debyard.Repository.Verification;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Debyard.Server.Http;

/// <summary>RFC 9457: what is wrong and what to do, for programs and for people.</summary>
sealed record Problem(string Title, int Status, string Detail)
{
    public static Problem Of(int status, string detail) => new(ReasonPhrases.GetReasonPhrase(status), status, detail);

    public IResult ToResult() => TypedResults.Json(this, ProtocolJson.Default.Problem, "application/problem+json", Status);
}

/// <summary>What <c>POST /{branch}/</c> is asked.</summary>
sealed record Batch(IReadOnlyList<BatchFile> Files);

sealed record BatchFile(string Name, long? Size, string? Md5, string? Sha1, string? Sha256, string? Suite, string? Component);

/// <summary>What it answers: the same files in the same order.</summary>
sealed record BatchAnswer(string Branch, IReadOnlyList<FileAnswer> Files);

sealed record FileAnswer(string Name, OfferOutcome Outcome, string? Detail = null);

sealed record DeletedAnswer(string Name, string Outcome);

/// <summary>What <c>PUT /api/branches/{branch}</c> is asked.</summary>
/// <param name="Parent">Whose packages a new branch starts with, by folder; empty: nobody's; absent: the default branch's.</param>
/// <param name="Refresh">Bring what is newer in the parent.</param>
sealed record BranchRequest(string? Ref, string? Parent = null, bool Refresh = false);

sealed record BranchAnswer(string Branch, string? Ref, Uri Url, bool Created, IReadOnlyList<string>? Refreshed = null);

/// <param name="Next">To be asked for as <c>after</c>; absent at the end.</param>
sealed record BranchList(IReadOnlyList<BranchEntry> Branches, string? Next);

sealed record BranchEntry(string Branch, string? Ref, string? Parent, Uri Url, Uri Sources, bool Protected, DateTimeOffset? Published)
{
    public IReadOnlyList<string>? Owners { get; init; }
}

sealed record BranchDetails(
    string Branch,
    string? Ref,
    string? Parent,
    Uri Url,
    Uri Sources,
    bool Protected,
    IReadOnlyList<PackageEntry> Packages,
    string? Next
)
{
    public IReadOnlyList<string>? Owners { get; init; }
}

sealed record PackageEntry(
    string Name,
    string Package,
    string Version,
    string Architecture,
    string Suite,
    string Component,
    long Size,
    string Sha256,
    Ownership Ownership,
    Uri Url
);

/// <summary>What <c>POST /api/branches/{branch}/promote</c> is asked: files by name, packages in their latest versions, or both.</summary>
/// <param name="Suite">Where they are listed; absent: where they are in the branch they come from.</param>
sealed record Promotion(
    string? From,
    IReadOnlyList<PromotedFile>? Files,
    IReadOnlyList<string>? Packages,
    string? Suite,
    string? Component
);

sealed record PromotedFile(string Name, string? Suite, string? Component);

sealed record DifferenceList(string Branch, string Against, IReadOnlyList<DifferenceEntry> Differences);

/// <param name="Version">The branch's latest.</param>
/// <param name="Against">The other's latest.</param>
sealed record DifferenceEntry(
    string Package,
    string Architecture,
    string Suite,
    string Component,
    PackageChange Change,
    string? Version,
    string? Against
);

sealed record RetireAnswer(string Branch, bool Retired, DateTimeOffset? Until, IReadOnlyList<string>? Owners);

sealed record RetiredList(IReadOnlyList<RetiredEntry> Branches);

sealed record RetiredEntry(string Branch, long Id, string? Ref, DateTimeOffset Retired, DateTimeOffset Until);

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    Converters = [typeof(LowerCase<OfferOutcome>), typeof(LowerCase<Ownership>), typeof(LowerCase<PackageChange>)],
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Batch))]
[JsonSerializable(typeof(BatchAnswer))]
[JsonSerializable(typeof(FileAnswer))]
[JsonSerializable(typeof(BranchRequest))]
[JsonSerializable(typeof(BranchAnswer))]
[JsonSerializable(typeof(BranchList))]
[JsonSerializable(typeof(BranchDetails))]
[JsonSerializable(typeof(DeletedAnswer))]
[JsonSerializable(typeof(Promotion))]
[JsonSerializable(typeof(DifferenceList))]
[JsonSerializable(typeof(RetireAnswer))]
[JsonSerializable(typeof(RetiredList))]
[JsonSerializable(typeof(JournalPage))]
[JsonSerializable(typeof(VerificationReport))]
sealed partial class ProtocolJson : JsonSerializerContext;

/// <summary>The protocol's words for an enum's: <c>present</c>, <c>linked</c>, …</summary>
sealed class LowerCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
    where T : struct, Enum;
