using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Journal;

/// <summary>
/// The log of all changes to branches: <c>.debyard/journal/&lt;year&gt;-&lt;month&gt;.jsonl</c>, one JSON object per line, append-only.
/// A full file is followed by <c>&lt;year&gt;-&lt;month&gt;.002.jsonl</c> and so on. Old files can be removed. An entry becomes durable
/// when its publish is flushed.
/// </summary>
public sealed class JournalStore
{
    /// <summary>The size from which on a new file begins, in bytes.</summary>
    internal const long FullFile = 64L * 1024 * 1024;

    /// <summary>How much of the journal one call of <see cref="Read"/> reads at most, in bytes.</summary>
    internal const long LargestRead = 16L * 1024 * 1024;

    const byte LineEnd = (byte)'\n';

    readonly RepositoryLayout layout;
    readonly Lock appending = new();
    string current = "";

    JournalStore(RepositoryLayout layout) => this.layout = layout;

    internal static JournalStore Open(RepositoryLayout layout)
    {
        Directory.CreateDirectory(layout.Journal);
        var journal = new JournalStore(layout);
        if (journal.Files().FirstOrDefault() is { } last)
            CutIncompleteLine(layout.JournalOf(last));
        return journal;
    }

    /// <summary>Reads the latest entries before a position, of one branch or of all branches.</summary>
    /// <param name="limit">The maximum number of entries.</param>
    /// <param name="before">The <c>Next</c> of an earlier page; null: start with the latest entry.</param>
    /// <param name="include">Which entries the reader may see; null: all.</param>
    /// <returns>
    /// A page, which can have fewer entries than the limit although there are more: a call reads 16 MiB of the journal at most.
    /// </returns>
    /// <exception cref="FormatException"><paramref name="before"/> is not a position.</exception>
    public JournalPage Read(BranchName? branch, int limit, string? before = null, Func<JournalEntry, bool>? include = null)
    {
        var (lastFile, end) = before is null ? (null, long.MaxValue) : Position(before);
        var entries = new List<JournalEntry>();
        // Most lines are about other branches. They are skipped without parsing.
        var mention = branch is { } wanted ? Encoding.UTF8.GetBytes($"\"{wanted}\"") : [];
        var read = 0L;
        foreach (var file in Files().SkipWhile(file => lastFile is not null && string.CompareOrdinal(file, lastFile) > 0))
        foreach (var (at, line) in BackwardLines.Read(layout.JournalOf(file), file == lastFile ? end : long.MaxValue))
        {
            read += line.Length;
            if (
                line.AsSpan().IndexOf(mention) >= 0
                && JsonSerializer.Deserialize(line, JournalJson.Default.JournalEntry) is { } entry
                && (branch is not { } only || entry.Branch == only.Value)
                && include?.Invoke(entry) != false
            )
                entries.Add(entry);
            if (entries.Count == limit || read > LargestRead)
                return new JournalPage(entries, $"{file}:{at}");
        }
        return new JournalPage(entries, null);
    }

    internal void Append(IReadOnlyList<JournalEntry> entries) => Append(entries, _ => { });

    /// <summary>Appends the entries and flushes them. On failure none is kept.</summary>
    internal void AppendAndFlush(IReadOnlyList<JournalEntry> entries) => Append(entries, Posix.Sync);

    void Append(IReadOnlyList<JournalEntry> entries, Action<string> flush)
    {
        if (entries.Count == 0)
            return;
        using var lines = new MemoryStream();
        foreach (var entry in entries)
        {
            using (var writer = new Utf8JsonWriter(lines, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
                JsonSerializer.Serialize(writer, entry, JournalJson.Default.JournalEntry);
            lines.WriteByte(LineEnd);
        }
        lock (appending)
        {
            var path = layout.JournalOf(FileFor(entries[0].At.ToString("yyyy-MM", CultureInfo.InvariantCulture)));
            using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
            var length = file.Length;
            try
            {
                file.Write(lines.GetBuffer(), 0, (int)lines.Length);
                flush(path);
            }
            catch (IOException)
            {
                file.SetLength(length);
                throw;
            }
        }
    }

    // Newest first: 2026-02, 2026-01.003, 2026-01.002, 2026-01.
    IEnumerable<string> Files() =>
        Directory
            .EnumerateFiles(layout.Journal, "*.jsonl")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .OrderDescending(StringComparer.Ordinal);

    string FileFor(string month)
    {
        if (!current.StartsWith(month, StringComparison.Ordinal))
            current = Files().FirstOrDefault(file => file.StartsWith(month, StringComparison.Ordinal)) ?? month;
        if (new FileInfo(layout.JournalOf(current)) is { Exists: true, Length: >= FullFile })
        {
            var number = current.Length > month.Length ? int.Parse(current.AsSpan(month.Length + 1), CultureInfo.InvariantCulture) : 1;
            current = string.Create(CultureInfo.InvariantCulture, $"{month}.{number + 1:000}");
        }
        return current;
    }

    static (string File, long End) Position(string text) =>
        text.Split(':') is [{ Length: >= 7 } file, var offset]
        && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var end)
            ? (file, end)
            : throw new FormatException($"'{text}' is not a position in the journal; pass the 'next' of an earlier answer unchanged.");

    static void CutIncompleteLine(string path)
    {
        var length = BackwardLines.CompleteLength(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.SetLength(length);
    }
}
