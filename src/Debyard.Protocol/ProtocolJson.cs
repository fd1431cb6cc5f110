using System.Text.Json;
using System.Text.Json.Serialization;

namespace Debyard.Protocol;

/// <summary>The protocol's JSON: camel case, absent instead of null, enum members as camel-case words.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    Converters = [typeof(FileOutcomeConverter)],
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Batch))]
[JsonSerializable(typeof(BatchAnswer))]
[JsonSerializable(typeof(RpmBatch))]
[JsonSerializable(typeof(FileAnswer))]
[JsonSerializable(typeof(DeletedAnswer))]
[JsonSerializable(typeof(BranchRequest))]
[JsonSerializable(typeof(BranchAnswer))]
[JsonSerializable(typeof(BranchList))]
[JsonSerializable(typeof(BranchDetails))]
[JsonSerializable(typeof(RetireAnswer))]
[JsonSerializable(typeof(RetiredList))]
[JsonSerializable(typeof(PromotionRequest))]
[JsonSerializable(typeof(DifferenceList))]
[JsonSerializable(typeof(CachedBuildQuery))]
[JsonSerializable(typeof(CachedBuildList))]
[JsonSerializable(typeof(RecordBuildsRequest))]
[JsonSerializable(typeof(RecordBuildsAnswer))]
[JsonSerializable(typeof(ReconciliationAnswer))]
[JsonSerializable(typeof(Verdict))]
[JsonSerializable(typeof(VerdictAnswer))]
[JsonSerializable(typeof(VerdictList))]
[JsonSerializable(typeof(CarriedPlan))]
[JsonSerializable(typeof(CarriedPlanList))]
public sealed partial class ProtocolJson : JsonSerializerContext;

sealed class FileOutcomeConverter() : JsonStringEnumConverter<FileOutcome>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
