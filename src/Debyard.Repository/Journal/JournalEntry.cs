using System.Text.Json;
using System.Text.Json.Serialization;

namespace Debyard.Repository.Journal;

/// <summary>The kind of change to a branch.</summary>
[JsonConverter(typeof(JournalActJson))]
public enum JournalAct
{
    Created,
    Refreshed,
    Published,
    Promoted,
    Deleted,
    Expired,
    Disowned,
    Retired,
    Restored,
    Freed,
}

/// <summary>One line of the journal.</summary>
/// <param name="At">When the change became visible to clients.</param>
/// <param name="Who">The name of the writer; <c>server</c> for changes that the configuration causes.
/// Null where it is not shown.</param>
/// <param name="Project">The writer's project; null if it did not name one.</param>
/// <param name="From">The branch that the packages came from; null if there is none.</param>
/// <param name="Files">The packages concerned, as <c>suite/component/name_version_architecture.deb</c>.</param>
public sealed record JournalEntry(
    DateTimeOffset At,
    string? Who,
    string? Project,
    JournalAct Act,
    string Branch,
    string? From = null,
    IReadOnlyList<string>? Files = null
)
{
    /// <summary>The branch's ref at that time; null if it was unknown.</summary>
    public string? Ref { get; init; }

    /// <summary>The address of the client; null for the server itself.</summary>
    public string? Address { get; init; }
}

/// <summary>Entries, newest first, and the position from which to read older ones; null if there are none.</summary>
public sealed record JournalPage(IReadOnlyList<JournalEntry> Entries, string? Next);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JournalEntry))]
sealed partial class JournalJson : JsonSerializerContext;

/// <summary>The names of acts in JSON: <c>created</c>, <c>published</c>, …</summary>
public sealed class JournalActJson() : JsonStringEnumConverter<JournalAct>(JsonNamingPolicy.CamelCase);
