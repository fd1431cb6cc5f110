using Debyard.Repository.Branches;
using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Operations;

// Branches whose git branch is gone.
public sealed partial class Retirement
{
    /// <summary>
    /// Removes the projects whose git branch is gone from the branch's owners, and retires the branch if no other owner remains. Decides
    /// by the owners at the time of acting, so a project that has written meanwhile keeps the branch.
    /// </summary>
    /// <param name="gitRef">The ref that is gone.</param>
    /// <returns>Null if nothing changed, because the branch is protected, no longer exists or belongs to another ref.</returns>
    public Task<RetireOutcome?> RetireGoneAsync(Branch branch, string gitRef, IReadOnlyCollection<Project> gone, WriterIdentity writer) =>
        branch.RelocateAsync(state => Task.FromResult(RetireGone(branch.Name, state, gitRef, gone, writer)));

    /// <summary>Records that no owner project has the git branch of a retired branch any more.</summary>
    public async Task MarkGoneAsync(RetiredBranch retired)
    {
        // Through the branch's queue: it may be restored or deleted at the same time.
        var branch = await branches.GetAsync(retired.Name);
        await branch.RelocateAsync(state => Task.FromResult((state, MarkGone(retired.Folder))));
    }

    (BranchState, RetireOutcome?) RetireGone(
        BranchName name,
        BranchState state,
        string gitRef,
        IReadOnlyCollection<Project> gone,
        WriterIdentity writer
    )
    {
        var others = state.Record.Owners.Where(owner => !gone.Contains(owner)).ToList();
        if (
            !state.Exists
            || state.Record.Ref != gitRef
            || branches.Rules.IsProtected(name, gitRef)
            || others.Count == state.Record.Owners.Count
        )
            return (state, null);
        if (others.Count > 0)
            return RemoveOwner(name, state, writer, others);
        var (after, outcome) = MoveAway(name, state, writer);
        // If the server is killed before this, the next comparison with GitLab does it.
        MarkGone(All().First(retired => retired.Name == name).Folder);
        return (after, outcome);
    }

    bool MarkGone(BranchFolder retired)
    {
        if (!Directory.Exists(retired.Root))
            return false;
        layout.Replace(retired.Gone, "");
        return true;
    }
}
