using System.Globalization;
using Debyard.Debian.Names;
using Debyard.Repository.Branches;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Journal;
using Debyard.Repository.Publishing;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Operations;

/// <summary>Retires branches: a retired branch disappears at once, can be restored during the grace period, and is then deleted.</summary>
public sealed partial class Retirement
{
    readonly BranchDirectory branches;
    readonly PublishContext context;
    readonly RepositoryLayout layout;
    readonly TimeSpan grace;

    internal Retirement(BranchDirectory branches, PublishContext context, TimeSpan grace) =>
        (this.branches, this.context, this.grace, layout) = (branches, context, grace, context.Layout);

    /// <summary>The branches that can be restored, the last retired one first.</summary>
    public IReadOnlyList<RetiredBranch> All() =>
        !Directory.Exists(layout.Retired)
            ? []
            :
            [
                .. Directory
                    .EnumerateDirectories(layout.Retired)
                    .Select(Read)
                    .OfType<RetiredBranch>()
                    .OrderByDescending(retired => retired.Id),
            ];

    /// <summary>Retires the branch. If it has other owners, only removes the writer's project from them.</summary>
    /// <exception cref="BranchProtectedException">It is the default branch or a release.</exception>
    /// <exception cref="BranchMissingException">There is no such branch.</exception>
    public Task<RetireOutcome> RetireAsync(Branch branch, WriterIdentity writer) =>
        branch.RelocateAsync(state => Task.FromResult(Retire(branch.Name, state, writer)));

    /// <summary>
    /// Restores the branch in the state it had when it was retired, with times later than those of any branch of the same name since.
    /// </summary>
    /// <param name="id">The <see cref="RetiredBranch.Id"/>; null: the one retired last.</param>
    /// <exception cref="BranchTakenException">A branch of this name exists.</exception>
    /// <exception cref="BranchMissingException">No branch of this name was retired, or its grace period is over.</exception>
    public Task<bool> RestoreAsync(Branch branch, WriterIdentity writer, long? id = null) =>
        branch.RelocateAsync(state => RestoreAsync(branch.Name, state, writer, id));

    /// <summary>Deletes the branches whose grace period is over.</summary>
    internal async Task DeleteExpiredAsync()
    {
        foreach (var retired in All().Where(retired => retired.Until <= context.Now))
        {
            // Through the branch's queue: if someone restores it at the same time, only one of the two finds it.
            var branch = await branches.GetAsync(retired.Name);
            if (await branch.RelocateAsync(state => Task.FromResult((state, MoveToTrash(retired)))) is { } trash)
                Directory.Delete(trash, recursive: true);
        }
    }

    (BranchState, RetireOutcome) Retire(BranchName name, BranchState state, WriterIdentity writer)
    {
        if (!state.Exists)
            throw BranchMissingException.For(name.Value);
        if (branches.Rules.IsProtected(name, state.Record.Ref))
            throw new BranchProtectedException(
                $"{name} is {(name == branches.Default ? "the default branch" : "a release")}, which is never retired; "
                    + "the server's configuration says so."
            );
        var others = state.Record.Owners.Where(owner => owner != writer.Project).ToList();
        return writer.Project is not null && others.Count > 0 ? RemoveOwner(name, state, writer, others) : MoveAway(name, writer);
    }

    (BranchState, RetireOutcome) RemoveOwner(BranchName name, BranchState state, WriterIdentity writer, List<Project> others)
    {
        var record = state.Record with { Owners = others };
        if (others.Count < state.Record.Owners.Count)
        {
            record.Write(layout, layout.Branch(name));
            context.Journal.Append([Entry(writer, JournalAct.Disowned, name)]);
            context.Flush();
        }
        return (state with { Record = record }, new RetireOutcome(null, others));
    }

    (BranchState, RetireOutcome) MoveAway(BranchName name, WriterIdentity writer)
    {
        var now = context.Now;
        TimestampFloor.Raise(layout, name);
        Directory.CreateDirectory(layout.Retired);
        // Ids grow even if the clock has stepped back.
        var id = Math.Max(now.ToUnixTimeMilliseconds(), All().FirstOrDefault(retired => retired.Name == name)?.Id + 1 ?? 0);
        Move(layout.Branch(name).Root, layout.RetiredBranch(name, id), writer, JournalAct.Retired, name);
        context.Suites.Discard(name);
        return (BranchState.Unborn, new RetireOutcome(now + grace, []));
    }

    async Task<(BranchState, bool)> RestoreAsync(BranchName name, BranchState state, WriterIdentity writer, long? id)
    {
        if (state.Exists)
            throw new BranchTakenException($"A branch {name} exists; retire it before restoring an earlier one.");
        var retired =
            All().FirstOrDefault(retired => retired.Name == name && (id is null || retired.Id == id))
            ?? throw new BranchMissingException($"No branch {name} was retired, or its grace period is over.");
        var restored = await BranchState.ReadAsync(retired.Folder, context.Blobs.Metadata);
        var floor = TimestampFloor.Read(layout, name);
        foreach (var suite in restored.Contents.Suites)
            if (PublishedSuite.Read(retired.Folder, suite) is { } published && floor?.IsLaterThan(published) == true)
                await PublishAgainAsync(name, retired.Folder, suite, restored.Contents);
        File.Delete(retired.Folder.Gone);
        Move(retired.Folder.Root, layout.Branch(name).Root, writer, JournalAct.Restored, name);
        return (restored, true);
    }

    // Moved out of the folder of retired branches first, so that nobody restores a partly deleted branch.
    string? MoveToTrash(RetiredBranch retired)
    {
        if (!Directory.Exists(retired.Folder.Root))
            return null;
        var trash = layout.NewTemporary();
        Move(retired.Folder.Root, trash, WriterIdentity.Server, JournalAct.Freed, retired.Name);
        return trash;
    }

    void Move(string from, string to, WriterIdentity writer, JournalAct act, BranchName name)
    {
        Directory.Move(from, to);
        try
        {
            // Flush the two folders, not the file system: retiring must not wait for other writes.
            Posix.Sync(Path.GetDirectoryName(from)!);
            Posix.Sync(Path.GetDirectoryName(to)!);
            // Last, because a journal entry is never undone.
            context.Journal.AppendAndFlush([Entry(writer, act, name)]);
        }
        catch (IOException)
        {
            Directory.Move(to, from);
            throw;
        }
    }

    JournalEntry Entry(WriterIdentity writer, JournalAct act, BranchName name) =>
        new(context.Now, writer.Name, writer.Project?.Path, act, name.Value);

    async Task PublishAgainAsync(BranchName name, BranchFolder folder, Suite suite, BranchContents contents)
    {
        using var prepared = await context.Suites.PrepareAsync(name, folder, suite, contents, new Ancestor(name, folder, contents));
        context.Flush();
        prepared.Switch(context.Now);
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
        var record = BranchRecord.ReadHead(folder);
        return new RetiredBranch(name, id, new BranchIdentity(name, record.Ref, record.Owners), at, at + grace) { Folder = folder };
    }
}
