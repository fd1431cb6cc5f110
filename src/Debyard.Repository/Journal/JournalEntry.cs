using System.Text.Json;
using System.Text.Json.Serialization;

namespace Debyard.Repository.Journal;

/// <summary>What was done to a branch.</summary>
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
/// <param name="At">When clients saw it.</param>
/// <param name="Who">Whose request it was; <c>server</c> for what the configuration makes it do.</param>
/// <param name="Project">The project it said it is of.</param>
/// <param name="From">The branch that packages came from.</param>
/// <param name="Files">The packages it was done to, as <c>suite/component/name_version_architecture.deb</c>.</param>
public sealed record JournalEntry(
    DateTimeOffset At,
    string Who,
    string? Project,
    JournalAct Act,
    string Branch,
    string? From = null,
    IReadOnlyList<string>? Files = null
);

/// <summary>Entries, newest first, and from where to ask on; null where there are no older ones.</summary>
public sealed record JournalPage(IReadOnlyList<JournalEntry> Entries, string? Next);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JournalEntry))]
sealed partial class JournalJson : JsonSerializerContext;

/// <summary>The journal's words: <c>created</c>, <c>published</c>, …</summary>
public sealed class JournalActJson() : JsonStringEnumConverter<JournalAct>(JsonNamingPolicy.CamelCase);
