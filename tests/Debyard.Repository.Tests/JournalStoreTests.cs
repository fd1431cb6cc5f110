using System.Text;
using Debyard.Repository.Identity;
using Debyard.Repository.Journal;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Tests;

/// <summary>The journal is read from its end, in bounded pieces, however large it has become.</summary>
public sealed class JournalStoreTests : IDisposable
{
    static readonly DateTimeOffset january = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    readonly TemporaryFolder folder = new();

    string FileOf(string name) => folder[$".debyard/journal/{name}.jsonl"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Lines_come_from_the_last_to_the_first_whatever_their_length(int seed)
    {
        var random = new Random(seed);
        var lines = Enumerable
            .Range(0, 300)
            .Select(number => $"{number} {new string('x', random.Next(random.Next(50) == 0 ? 300_000 : 300))}")
            .ToList();
        var path = folder.Write("lines", string.Concat(lines.Select(line => line + "\n")) + "a line without an end");

        var read = BackwardLines.Read(path, long.MaxValue).ToList();

        Assert.Equal(lines, read.Select(line => Encoding.UTF8.GetString(line.Line)).Reverse());
        var middle = read[random.Next(300)].At;
        Assert.Equal(
            read.Where(line => line.At < middle).Select(line => line.At),
            BackwardLines.Read(path, middle).Select(line => line.At)
        );
        Assert.Equal(new FileInfo(path).Length - "a line without an end".Length, BackwardLines.CompleteLength(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no end")]
    public void A_file_without_a_complete_line_has_none(string content)
    {
        var path = folder.Write("lines", content);

        Assert.Empty(BackwardLines.Read(path, long.MaxValue));
        Assert.Equal(0, BackwardLines.CompleteLength(path));
    }

    [Fact]
    public void Pages_follow_one_another_through_months_and_full_files()
    {
        var journal = Open();
        journal.Append([Entry(january, "one"), Entry(january, "two")]);
        Fill(FileOf("2026-01"));
        journal.Append([Entry(january, "three"), Entry(january, "four")]);
        Fill(FileOf("2026-01.002"));
        journal.Append([Entry(january, "five")]);
        journal.Append([Entry(january.AddDays(1), "six")]);

        Assert.Equal(["2026-01", "2026-01.002", "2026-01.003", "2026-02"], Files());
        Assert.Equal(["six", "five", "four", "three", "two", "one"], Pages(Open(), null).Where(who => who != "padding"));
    }

    [Fact]
    public void One_read_of_a_large_journal_ends_early_and_says_where_to_go_on()
    {
        var journal = Open();
        journal.Append([Entry(january, "one", "wanted")]);
        Fill(FileOf("2026-01"));
        journal.Append([Entry(january, "two", "other")]);

        var page = journal.Read(BranchName.Parse("wanted"), 10);

        Assert.Empty(page.Entries);
        Assert.NotNull(page.Next);
        Assert.Equal(["one"], Pages(journal, BranchName.Parse("wanted")));
    }

    [Fact]
    public void A_line_that_a_crash_cut_off_is_removed_at_the_next_start()
    {
        Open().Append([Entry(january, "one")]);
        File.AppendAllText(FileOf("2026-01"), """{"at":"2026""");

        var journal = Open();
        journal.Append([Entry(january, "two")]);

        Assert.Equal(["two", "one"], Pages(journal, null));
    }

    public void Dispose() => folder.Dispose();

    JournalStore Open() => JournalStore.Open(new RepositoryLayout(folder.Path));

    IEnumerable<string> Files() =>
        Directory
            .EnumerateFiles(folder[".debyard/journal"])
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal);

    static List<string> Pages(JournalStore journal, BranchName? branch)
    {
        var read = new List<string>();
        string? next = null;
        do
        {
            var page = journal.Read(branch, 2, next);
            read.AddRange(page.Entries.Select(entry => entry.Who!));
            next = page.Next;
        } while (next is not null);
        return read;
    }

    // JSON may end with blanks.
    static void Fill(string path)
    {
        var line = Encoding.UTF8.GetBytes(
            $$"""{"at":"2026-01-31T12:00:00Z","who":"padding","act":"published","branch":"main"}{{new string(' ', 1 << 20)}}""" + "\n"
        );
        using var file = new FileStream(path, FileMode.Append);
        while (file.Length < JournalStore.FullFile)
            file.Write(line);
    }

    static JournalEntry Entry(DateTimeOffset at, string who, string branch = "main") => new(at, who, null, JournalAct.Published, branch);
}
