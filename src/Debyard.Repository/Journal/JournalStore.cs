using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Journal;

/// <summary>
/// The log of all changes to branches: <c>.debyard/journal/&lt;year&gt;-&lt;month&gt;.jsonl</c>, one JSON object per line, append-only.
/// Files of old months can be removed. An entry becomes durable when its publish is flushed.
/// </summary>
public sealed class JournalStore
{
    const byte LineEnd = (byte)'\n';

    readonly RepositoryLayout layout;
    readonly Lock appending = new();

    JournalStore(RepositoryLayout layout) => this.layout = layout;

    internal static JournalStore Open(RepositoryLayout layout)
    {
        Directory.CreateDirectory(layout.Journal);
        var journal = new JournalStore(layout);
        if (journal.Months().FirstOrDefault() is { } last)
            CutIncompleteLine(layout.JournalOf(last));
        return journal;
    }

    /// <summary>Reads the latest entries before a position, of one branch or of all branches.</summary>
    /// <param name="limit">The maximum number of entries.</param>
    /// <param name="before">The <c>Next</c> of an earlier page; null: start with the latest entry.</param>
    /// <param name="include">Which entries the reader may see; null: all.</param>
    /// <exception cref="FormatException"><paramref name="before"/> is not a position.</exception>
    public JournalPage Read(BranchName? branch, int limit, string? before = null, Func<JournalEntry, bool>? include = null)
    {
        var (lastMonth, end) = before is null ? (null, long.MaxValue) : Position(before);
        var entries = new List<JournalEntry>();
        foreach (var month in Months().SkipWhile(month => lastMonth is not null && string.CompareOrdinal(month, lastMonth) > 0))
        {
            var found = new Queue<(long At, JournalEntry Entry)>();
            foreach (var (at, line) in Lines(month, month == lastMonth ? end : long.MaxValue))
            {
                // Most lines are about other branches. Skip them without parsing.
                if (branch is { } wanted && line.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"\"{wanted}\"")) < 0)
                    continue;
                if (
                    JsonSerializer.Deserialize(line, JournalJson.Default.JournalEntry) is not { } entry
                    || branch is { } only && entry.Branch != only.Value
                    || include?.Invoke(entry) == false
                )
                    continue;
                found.Enqueue((at, entry));
                if (found.Count > limit - entries.Count)
                    found.Dequeue();
            }
            entries.AddRange(found.Reverse().Select(line => line.Entry));
            if (entries.Count == limit)
                return new JournalPage(entries, found.TryPeek(out var oldest) ? $"{month}:{oldest.At}" : before);
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
        var path = layout.JournalOf(entries[0].At.ToString("yyyy-MM", CultureInfo.InvariantCulture));
        lock (appending)
        {
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

    // Newest first.
    IEnumerable<string> Months() =>
        Directory
            .EnumerateFiles(layout.Journal, "*.jsonl")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .OrderDescending(StringComparer.Ordinal);

    IEnumerable<(long At, byte[] Line)> Lines(string month, long end)
    {
        // Another thread may be appending: a line without its end is not complete yet, so it is not read.
        var content = ReadShared(layout.JournalOf(month));
        for (
            var start = 0;
            start < Math.Min(end, content.Length) && Array.IndexOf(content, LineEnd, start) is var stop and >= 0;
            start = stop + 1
        )
            yield return (start, content[start..stop]);
    }

    static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var content = new byte[file.Length];
        return content[..file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)];
    }

    static (string Month, long End) Position(string text) =>
        text.Split(':') is [{ Length: 7 } month, var offset]
        && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var end)
            ? (month, end)
            : throw new FormatException($"'{text}' is not a position in the journal; pass the 'next' of an earlier answer unchanged.");

    // A crash may have left an incomplete last line.
    static void CutIncompleteLine(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        var content = new byte[file.Length];
        file.ReadExactly(content);
        file.SetLength(Array.LastIndexOf(content, LineEnd) + 1);
    }
}
