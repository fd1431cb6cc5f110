using System.Globalization;
using Debyard.Debian.Names;
using Debyard.Repository.Branches;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Journal;
using Debyard.Repository.Publishing;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Operations;

/// <summary>Branches that are gone: renamed away at once, restorable for a time of grace, then freed.</summary>
sealed class Retirement(RepositoryRoot repository)
{
    static readonly WriterIdentity server = new() { Name = "server" };

    readonly RepositoryLayout layout = repository.Layout;

    /// <summary>Latest first.</summary>
    public IReadOnlyList<RetiredBranch> All() =>
        !Directory.Exists(layout.Retired)
            ? []
            : [.. Directory.EnumerateDirectories(layout.Retired).Select(Read).OfType<RetiredBranch>().OrderByDescending(one => one.Id)];

    public Task<(BranchState, RetireOutcome)> RetireAsync(BranchName name, BranchState state, WriterIdentity writer)
    {
        if (!state.Exists)
            throw new BranchMissingException($"There is no branch {name}.");
        if (repository.Rules.IsProtected(name, state.Record.Ref))
            throw new BranchProtectedException(
                $"{name} is {(name == repository.DefaultBranch ? "the default branch" : "a release")}, which is never retired; the server's configuration says so."
            );
        var others = state.Record.Owners.Where(owner => owner != writer.Project).ToList();
        return Task.FromResult(writer.Project is not null && others.Count > 0 ? Disown(name, state, writer, others) : Retire(name, writer));
    }

    /// <summary>Where a branch of this name has lived and gone since, its times are raised: they never go back.</summary>
    public async Task<(BranchState, bool)> RestoreAsync(BranchName name, BranchState state, WriterIdentity writer, long? id)
    {
        if (state.Exists)
            throw new BranchTakenException($"There is a branch {name}; retire it before an earlier one is restored.");
        var retired =
            All().FirstOrDefault(one => one.Name == name && (id is null || one.Id == id))
            ?? throw new BranchMissingException($"No branch {name} was retired, or its time of grace is over.");
        var restored = await BranchState.ReadAsync(retired.Folder, repository.Blobs);
        var floor = TimestampFloor.Read(layout, name);
        foreach (var suite in restored.Contents.Suites)
            if (PublishedSuite.Read(retired.Folder, suite) is { } published && floor?.IsLaterThan(published) == true)
                await PublishAgainAsync(name, retired.Folder, suite, restored.Contents);
        Move(retired.Folder.Root, layout.Branch(name).Root, writer, JournalAct.Restored, name);
        return (restored, true);
    }

    /// <summary>Frees the branches whose time of grace is over.</summary>
    public async Task FreeAsync()
    {
        var now = repository.Options.Time.GetUtcNow();
        foreach (var retired in All().Where(one => one.Until <= now))
        {
            // Where it is restored too, one of both finds it gone.
            var branch = await repository.BranchAsync(retired.Name);
            if (await branch.MoveToTrashAsync(retired) is { } condemned)
                Directory.Delete(condemned, recursive: true);
        }
    }

    /// <summary>Moves a retired branch to where nobody restores it from, not even half.</summary>
    /// <returns>Where it is then; null where it was restored meanwhile.</returns>
    public string? MoveToTrash(RetiredBranch retired)
    {
        if (!Directory.Exists(retired.Folder.Root))
            return null;
        var condemned = layout.NewTemporary();
        Move(retired.Folder.Root, condemned, server, JournalAct.Freed, retired.Name);
        return condemned;
    }

    (BranchState, RetireOutcome) Disown(BranchName name, BranchState state, WriterIdentity writer, List<Project> others)
    {
        var record = state.Record with { Owners = others };
        if (others.Count < state.Record.Owners.Count)
        {
            record.Write(layout, layout.Branch(name));
            repository.Journal.Append([Entry(writer, JournalAct.Disowned, name)]);
            repository.Flush();
        }
        return (state with { Record = record }, new RetireOutcome(null, others));
    }

    (BranchState, RetireOutcome) Retire(BranchName name, WriterIdentity writer)
    {
        var now = repository.Options.Time.GetUtcNow();
        TimestampFloor.Raise(layout, name);
        Directory.CreateDirectory(layout.Retired);
        // Also where the clock stepped back, the last one is the last.
        var id = Math.Max(now.ToUnixTimeMilliseconds(), All().FirstOrDefault(one => one.Name == name)?.Id + 1 ?? 0);
        Move(layout.Branch(name).Root, layout.RetiredBranch(name, id), writer, JournalAct.Retired, name);
        repository.Suites.Discard(name);
        return (BranchState.Unborn, new RetireOutcome(now + repository.Options.Grace, []));
    }

    void Move(string from, string to, WriterIdentity writer, JournalAct act, BranchName name)
    {
        Directory.Move(from, to);
        try
        {
            // Not the whole file system: who retires a branch shall not wait for what others write.
            Posix.Sync(Path.GetDirectoryName(from)!);
            Posix.Sync(Path.GetDirectoryName(to)!);
            // Last: what is told is not taken back.
            repository.Journal.AppendAndFlush([Entry(writer, act, name)]);
        }
        catch (IOException)
        {
            Directory.Move(to, from);
            throw;
        }
    }

    JournalEntry Entry(WriterIdentity writer, JournalAct act, BranchName name) =>
        new(repository.Options.Time.GetUtcNow(), writer.Name, writer.Project?.Path, act, name.Value);

    async Task PublishAgainAsync(BranchName name, BranchFolder folder, Suite suite, BranchContents contents)
    {
        using var prepared = await repository.Suites.PrepareAsync(name, folder, suite, contents, new Ancestor(name, folder, contents));
        repository.Flush();
        prepared.Switch(repository.Options.Time.GetUtcNow());
    }

    RetiredBranch? Read(string path)
    {
        if (
            Path.GetFileName(path).Split('.') is not [var text, var milliseconds]
            || !BranchName.TryParse(text, out var name)
            || !long.TryParse(milliseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        )
            return null;
        var (folder, at) = (new BranchFolder(path), DateTimeOffset.FromUnixTimeMilliseconds(id));
        return new RetiredBranch(name, id, BranchRecord.ReadHead(folder).Ref, at, at + repository.Options.Grace) { Folder = folder };
    }
}
