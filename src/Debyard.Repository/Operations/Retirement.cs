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
    /// <exception cref="WriteRefusedException">The writer has no permission.</exception>
    /// <exception cref="BranchProtectedException">It is the default branch or a release.</exception>
    /// <exception cref="BranchMissingException">There is no such branch.</exception>
    public Task<RetireOutcome> RetireAsync(Branch branch, WriterIdentity writer) =>
        branch.RelocateAsync(state => Task.FromResult(Retire(branch.Name, state, writer)));

    /// <summary>
    /// Restores the branch in the state it had when it was retired, with times later than those of any branch of the same name since.
    /// </summary>
    /// <param name="id">The <see cref="RetiredBranch.Id"/>; null: the one retired last.</param>
    /// <exception cref="WriteRefusedException">The writer has no permission.</exception>
    /// <exception cref="BranchTakenException">A branch of this name or for its ref exists.</exception>
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
        writer.ClaimWhole(state.Record.Identify(name, branches.Rules, state.Exists));
        if (!state.Exists)
            throw BranchMissingException.For(name.Value);
        if (branches.Rules.IsProtected(name, state.Record.Ref))
            throw new BranchProtectedException(
                $"{name} is {(name == branches.Default ? "the default branch" : "a release")}, which is never retired; "
                    + "the server's configuration says so."
            );
        var others = state.Record.Owners.Where(owner => owner != writer.Project).ToList();
        return writer.Project is not null && others.Count > 0 ? RemoveOwner(name, state, writer, others) : MoveAway(name, state, writer);
    }

    (BranchState, RetireOutcome) RemoveOwner(BranchName name, BranchState state, WriterIdentity writer, List<Project> others)
    {
        var record = state.Record with { Owners = others };
        if (others.Count < state.Record.Owners.Count)
        {
            record.Write(layout, layout.Branch(name));
            context.Journal.Append([Entry(writer, JournalAct.Disowned, record.Identify(name, branches.Rules, exists: true))]);
            context.Flush();
        }
        return (state with { Record = record }, new RetireOutcome(null, others));
    }

    (BranchState, RetireOutcome) MoveAway(BranchName name, BranchState state, WriterIdentity writer)
    {
        var now = context.Now;
        TimestampFloor.Raise(layout, name);
        Directory.CreateDirectory(layout.Retired);
        // Ids grow even if the clock has stepped back.
        var id = Math.Max(now.ToUnixTimeMilliseconds(), All().FirstOrDefault(retired => retired.Name == name)?.Id + 1 ?? 0);
        var branch = state.Record.Identify(name, branches.Rules, exists: true);
        Move(layout.Branch(name).Root, layout.RetiredBranch(name, id), writer, JournalAct.Retired, branch);
        context.Suites.Discard(name);
        return (BranchState.Unborn, new RetireOutcome(now + grace, []));
    }

    async Task<(BranchState, bool)> RestoreAsync(BranchName name, BranchState state, WriterIdentity writer, long? id)
    {
        var retired = All()
            .FirstOrDefault(retired =>
                retired.Name == name
                && (id is null || retired.Id == id)
                && (writer.Ref is not { } gitRef || retired.Identity.CanBelongTo(gitRef))
            );
        writer.ClaimWhole(retired?.Identity ?? state.Record.Identify(name, branches.Rules, state.Exists));
        if (state.Exists)
            throw new BranchTakenException($"A branch {name} exists; retire it before restoring an earlier one.");
        if (retired is null)
            throw new BranchMissingException($"No branch {name} was retired, or its grace period is over.");
        if (retired.Identity.Ref is { } own && branches.Find(own) is { } other)
            throw new BranchTakenException($"The ref {own} has a branch in the folder {other} now; retire it first.");
        var restored = await BranchState.ReadAsync(retired.Folder, context.Blobs.Metadata);
        var floor = TimestampFloor.Read(layout, name);
        foreach (var suite in restored.Contents.Suites)
            if (PublishedSuite.Read(retired.Folder, suite) is { } published && floor?.IsLaterThan(published) == true)
                await PublishAgainAsync(name, retired.Folder, suite, restored.Contents);
        File.Delete(retired.Folder.Gone);
        Move(retired.Folder.Root, layout.Branch(name).Root, writer, JournalAct.Restored, retired.Identity);
        return (restored, true);
    }

    // Moved out of the folder of retired branches first, so that nobody restores a partly deleted branch.
    string? MoveToTrash(RetiredBranch retired)
    {
        if (!Directory.Exists(retired.Folder.Root))
            return null;
        var trash = layout.NewTemporary();
        Move(retired.Folder.Root, trash, WriterIdentity.Server, JournalAct.Freed, retired.Identity);
        return trash;
    }

    void Move(string from, string to, WriterIdentity writer, JournalAct act, BranchIdentity branch)
    {
        Directory.Move(from, to);
        try
        {
            // Flush the two folders, not the file system: retiring must not wait for other writes.
            Posix.Sync(Path.GetDirectoryName(from)!);
            Posix.Sync(Path.GetDirectoryName(to)!);
            // Last, because a journal entry is never undone.
            context.Journal.AppendAndFlush([Entry(writer, act, branch)]);
        }
        catch (IOException)
        {
            Directory.Move(to, from);
            throw;
        }
    }

    JournalEntry Entry(WriterIdentity writer, JournalAct act, BranchIdentity branch) =>
        new(context.Now, writer.Name, writer.Project?.Path, act, branch.Name.Value) { Ref = branch.Ref, Address = writer.Address };

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
        var identity = BranchRecord.ReadHead(folder).Identify(name, branches.Rules, exists: true);
        return new RetiredBranch(name, id, identity, at, at + grace) { Folder = folder };
    }
}
