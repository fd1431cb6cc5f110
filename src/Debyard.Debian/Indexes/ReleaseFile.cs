using System.Globalization;
using System.Text;
using Debyard.Debian.Control;
using Debyard.Debian.Names;

namespace Debyard.Debian.Indexes;

/// <summary>
/// A suite's <c>Release</c> file, with the fields that apt reads (apt-secure(8), apt-pkg/deb/debmetaindex.cc). Properties that are null,
/// empty or false are not written. Only SHA256 is listed: with by-hash, apt requests the strongest digest that is listed, so a second
/// kind would have to be served too.
/// </summary>
public sealed record ReleaseFile
{
    const string DateFormat = "ddd, dd MMM yyyy HH:mm:ss";

    public string? Origin { get; init; }
    public string? Label { get; init; }
    public string? Suite { get; init; }
    public string? Version { get; init; }
    public string? Codename { get; init; }
    public string? Description { get; init; }

    /// <summary>Where apt finds changelogs: a URL that contains <c>@CHANGEPATH@</c>, or <c>no</c>.</summary>
    public string? Changelogs { get; init; }

    /// <summary>Where apt finds snapshots: a URL that contains <c>@SNAPSHOTID@</c>, or <c>no</c>.</summary>
    public string? Snapshots { get; init; }

    /// <summary>Fingerprints of the keys that clients accept for the next versions of the file.</summary>
    public IReadOnlyList<string> SignedBy { get; init; } = [];

    /// <summary>
    /// The time of publication, in whole seconds. For a given URL it must never decrease: apt silently keeps the file that it has if a
    /// newer one has an earlier date.
    /// </summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>Clients refuse the file after this time, so publish again before it.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    public bool IsNotAutomatic { get; init; }
    public bool IsButAutomaticUpgrades { get; init; }

    /// <summary>Each index is also served as <c>by-hash/SHA256/…</c>.</summary>
    public bool AcquireByHash { get; init; }

    /// <summary>
    /// The indexes of the other architectures contain the <c>all</c> packages, so apt does not request <c>binary-all</c>.
    /// </summary>
    public bool NoSupportForArchitectureAll { get; init; }

    public IReadOnlyList<Architecture> Architectures { get; init; } = [];
    public IReadOnlyList<string> Components { get; init; } = [];

    /// <summary>The index files, including uncompressed ones that are not served. They are written sorted by path.</summary>
    public IReadOnlyList<IndexFile> Files { get; init; } = [];

    /// <summary>Renders the file. The same content gives the same text.</summary>
    /// <exception cref="DebianFormatException">A value cannot be represented in the format.</exception>
    public string Render() => new Stanza(Fields()).ToString();

    IEnumerable<Field> Fields() =>
        new (string Name, string? Value)[]
        {
            ("Origin", Origin),
            ("Label", Label),
            ("Suite", Suite),
            ("Version", Version),
            ("Codename", Codename),
            ("Changelogs", Changelogs),
            ("Snapshots", Snapshots),
            ("Date", Render(Date)),
            ("Valid-Until", ValidUntil is { } until ? Render(until) : null),
            ("NotAutomatic", IsNotAutomatic ? "yes" : null),
            ("ButAutomaticUpgrades", IsButAutomaticUpgrades ? "yes" : null),
            ("Acquire-By-Hash", AcquireByHash ? "yes" : null),
            ("No-Support-for-Architecture-all", NoSupportForArchitectureAll ? "Packages" : null),
            ("Architectures", Words(Architectures.Select(architecture => architecture.ToString()))),
            ("Components", Words(Components)),
            ("Signed-By", string.Join(", ", SignedBy)),
            ("Description", Description),
            ("SHA256", Lines(Files)),
        }
            .Where(field => !string.IsNullOrEmpty(field.Value))
            .Select(field => new Field(field.Name, field.Value!));

    static string Words(IEnumerable<string> words) => string.Join(' ', words);

    static string Lines(IEnumerable<IndexFile> files)
    {
        var lines = new StringBuilder();
        foreach (var file in files.OrderBy(file => file.Path, StringComparer.Ordinal))
            lines.Append(CultureInfo.InvariantCulture, $"\n {file.Sha256} {file.Size, 16} {file.Path}");
        return lines.ToString();
    }

    // RFC 1123. apt accepts only the zones UTC, GMT, Z and +0000.
    static string Render(DateTimeOffset date) => date.UtcDateTime.ToString(DateFormat, CultureInfo.InvariantCulture) + " UTC";

    /// <exception cref="DebianFormatException">The text is not a Release file, or has no Date.</exception>
    public static ReleaseFile Parse(string text)
    {
        var stanza = Stanza.Parse(text);
        return new ReleaseFile
        {
            Origin = stanza["Origin"],
            Label = stanza["Label"],
            Suite = stanza["Suite"],
            Version = stanza["Version"],
            Codename = stanza["Codename"],
            Description = stanza["Description"],
            Changelogs = stanza["Changelogs"],
            Snapshots = stanza["Snapshots"],
            SignedBy = SplitWords(stanza["Signed-By"]),
            Date = ParseDate(stanza.Required("Date")),
            ValidUntil = stanza["Valid-Until"] is { } until ? ParseDate(until) : null,
            IsNotAutomatic = stanza["NotAutomatic"] == "yes",
            IsButAutomaticUpgrades = stanza["ButAutomaticUpgrades"] == "yes",
            AcquireByHash = stanza["Acquire-By-Hash"] == "yes",
            NoSupportForArchitectureAll = stanza["No-Support-for-Architecture-all"] == "Packages",
            Architectures = [.. SplitWords(stanza["Architectures"]).Select(Architecture.Parse)],
            Components = SplitWords(stanza["Components"]),
            Files = [.. (stanza["SHA256"] ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(ParseFile)],
        };
    }

    static string[] SplitWords(string? value) => value?.Split([' ', '\t', '\n', ','], StringSplitOptions.RemoveEmptyEntries) ?? [];

    static DateTimeOffset ParseDate(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (
            words is [.. var moment, "UTC" or "GMT" or "Z" or "+0000"]
            && DateTimeOffset.TryParseExact(
                Words(moment),
                ["ddd, dd MMM yyyy HH:mm:ss", "ddd, d MMM yyyy HH:mm:ss"],
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var date
            )
        )
            return date;
        throw new DebianFormatException($"'{text}' is not a date in the form of a Release file, such as Sat, 01 Nov 2025 12:00:00 UTC.");
    }

    static IndexFile ParseFile(string line)
    {
        if (
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var digest, var digits, var path]
            && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            && Sha256.TryParse(digest, out var sha256)
        )
            return new IndexFile(path, size, sha256);
        throw new DebianFormatException($"'{line.Trim()}' in the Release file is not a line of SHA-256, size and path.");
    }
}
