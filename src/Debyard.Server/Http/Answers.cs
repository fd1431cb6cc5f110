using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Debyard.Protocol;
using Debyard.Repository.Journal;
using Debyard.Repository.Operations;
using Debyard.Repository.Verification;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Debyard.Server.Http;

/// <summary>JSON answers of the protocol, and errors as problem details (RFC 9457).</summary>
static class Answers
{
    public static IResult Json<T>(T answer, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) =>
        TypedResults.Json(answer, type, statusCode: status);

    public static IResult Problem(int status, string detail) =>
        TypedResults.Json(
            new Problem(ReasonPhrases.GetReasonPhrase(status), status, detail),
            ProtocolJson.Default.Problem,
            Protocol.Problem.MediaType,
            status
        );

    public static FileOutcome ToProtocol(this OfferOutcome outcome) =>
        outcome switch
        {
            OfferOutcome.Present => FileOutcome.Present,
            OfferOutcome.Linked => FileOutcome.Linked,
            OfferOutcome.Created => FileOutcome.Created,
            OfferOutcome.Missing => FileOutcome.Missing,
            OfferOutcome.Conflict => FileOutcome.Conflict,
            _ => throw new UnreachableException(),
        };

    /// <summary>An enum member as the protocol spells it: <c>own</c>, <c>newer</c>, ….</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}

/// <summary>Answers for people and operators, outside the upload protocol: the journal and the verification report.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JournalPage))]
[JsonSerializable(typeof(VerificationReport))]
sealed partial class OperatorJson : JsonSerializerContext;
