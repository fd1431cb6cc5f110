using System.Globalization;
using Debyard.Debian.Names;
using Debyard.Repository.Branches;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Journal;
using Debyard.Repository.Publishing;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Operations;

/// <summary>Retires branches: moved away at once, restorable during the grace period, then deleted.</summary>
public sealed class Retirement
{
    readonly BranchDirectory branches;
    readonly PublishContext context;
    readonly RepositoryLayout layout;
    readonly TimeSpan grace;

    internal Retirement(BranchDirectory branches, PublishContext context, TimeSpan grace) =>
        (this.branches, this.context, this.grace, layout) = (branches, context, grace, context.Layout);

    /// <summary>The branches that can be restored, the last retired first.</summary>
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

    /// <summary>Retires the branch, or only removes the writer's project from its owners if there are others.</summary>
    /// <exception cref="BranchProtectedException">It is the default branch or a release.</exception>
    /// <exception cref="BranchMissingException">There is no such branch.</exception>
    public Task<RetireOutcome> RetireAsync(Branch branch, WriterIdentity writer) =>
        branch.RelocateAsync(state => Task.FromResult(Retire(branch.Name, state, writer)));

    /// <summary>Restores the branch as it was when it was retired. Its times are raised above those of any later branch of its name.</summary>
    /// <param name="id">The <see cref="RetiredBranch.Id"/>; null: the last retired one.</param>
    /// <exception cref="BranchTakenException">There is a branch of this name.</exception>
    /// <exception cref="BranchMissingException">None was retired, or its grace period is over.</exception>
    public Task<bool> RestoreAsync(Branch branch, WriterIdentity writer, long? id = null) =>
        branch.RelocateAsync(state => RestoreAsync(branch.Name, state, writer, id));

    /// <summary>Deletes the branches whose grace period is over.</summary>
    internal async Task DeleteExpiredAsync()
    {
        foreach (var retired in All().Where(retired => retired.Until <= context.Now))
        {
            // Through the branch's queue: if it is restored at the same time, only one of the two finds it.
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
                $"{name} is {(name == branches.Default ? "the default branch" : "a release")}, which is never retired; the server's configuration says so."
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
            throw new BranchTakenException($"There is a branch {name}; retire it before restoring an earlier one.");
        var retired =
            All().FirstOrDefault(retired => retired.Name == name && (id is null || retired.Id == id))
            ?? throw new BranchMissingException($"No branch {name} was retired, or its grace period is over.");
        var restored = await BranchState.ReadAsync(retired.Folder, context.Blobs.Metadata);
        var floor = TimestampFloor.Read(layout, name);
        foreach (var suite in restored.Contents.Suites)
            if (PublishedSuite.Read(retired.Folder, suite) is { } published && floor?.IsLaterThan(published) == true)
                await PublishAgainAsync(name, retired.Folder, suite, restored.Contents);
        Move(retired.Folder.Root, layout.Branch(name).Root, writer, JournalAct.Restored, name);
        return (restored, true);
    }

    // Out of the folder of retired branches first, so that nobody restores a half-deleted branch.
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
            // Sync the two folders, not the file system: retiring must not wait for what others write.
            Posix.Sync(Path.GetDirectoryName(from)!);
            Posix.Sync(Path.GetDirectoryName(to)!);
            // Last: a journal entry is never taken back.
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
        return new RetiredBranch(name, id, BranchRecord.ReadHead(folder).Ref, at, at + grace) { Folder = folder };
    }
}
