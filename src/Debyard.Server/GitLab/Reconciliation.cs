using Debyard.Protocol;
using Debyard.Repository;
using Debyard.Repository.Branches;
using Debyard.Repository.Identity;
using Debyard.Repository.Operations;
using Debyard.Server.Configuration;
using Debyard.Server.Http;
using Microsoft.Extensions.Logging;

namespace Debyard.Server.GitLab;

/// <summary>
/// Makes the branches follow GitLab's: retires those that are gone in all their owner projects, and restores those that return.
/// </summary>
sealed class Reconciliation(
    RepositoryRoot repository,
    GitLabApi api,
    GitLabOptions options,
    GitLabStatus status,
    ILogger<Reconciliation> log
) : IDisposable
{
    static readonly WriterIdentity gitLab = new() { Name = "gitlab" };

    readonly SemaphoreSlim oneAtATime = new(1);

    /// <summary>Compares all branches with those of their owner projects.</summary>
    /// <param name="apply">False: only report.</param>
    public async Task<ReconciliationAnswer> CompareAllAsync(bool apply, CancellationToken cancellation)
    {
        await oneAtATime.WaitAsync(cancellation);
        try
        {
            var comparison = new ProjectComparison(api, options, status, log);
            var (existing, retired) = (ReadExisting(), ReadRetired());
            foreach (
                var owned in existing
                    .SelectMany(branch => branch.Owners.Select(owner => (owner, branch.Ref)))
                    .Concat(retired.SelectMany(branch => branch.Identity.Owners.Select(owner => (owner, branch.Identity.Ref))))
                    .GroupBy(pair => pair.owner, pair => pair.Ref!)
            )
            {
                cancellation.ThrowIfCancellationRequested();
                await comparison.ReadAsync(owned.Key, owned.ToHashSet(StringComparer.Ordinal));
            }
            var changes = new List<ReconciledBranch>();
            foreach (var branch in existing)
                Add(branch.Name, branch.Ref!, await DecideAsync(branch.Name, branch.Ref!, branch.Owners, apply, comparison.AskAsync));
            foreach (var branch in retired)
                Add(branch.Name, branch.Identity.Ref!, await DecideAsync(branch, branch.IsGone, apply, comparison.AskAsync));
            status.Complete(comparison.Projects);
            return new ReconciliationAnswer(apply, existing.Count, changes, comparison.Unchecked);

            void Add(BranchName name, string gitRef, BranchDecision decision)
            {
                cancellation.ThrowIfCancellationRequested();
                if (decision.Action != BranchAction.None)
                    changes.Add(new ReconciledBranch(name.Value, gitRef, Answers.Word(decision.Action), decision.Reason));
            }
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>Asks about one ref, because a webhook says that a project has deleted or created it.</summary>
    /// <param name="created">True if the webhook says that it was created.</param>
    /// <returns>False if GitLab could not be asked, so the ref must be asked about again.</returns>
    public async Task<bool> CompareAsync(Project project, string gitRef, bool created)
    {
        var comparison = new ProjectComparison(api, options, status, log);
        foreach (var branch in ReadExisting(Folders(gitRef)).Where(branch => branch.Ref == gitRef && branch.Owners.Contains(project)))
            await DecideAsync(branch.Name, gitRef, branch.Owners, apply: true, comparison.AskAsync);
        // The last retired one of a ref comes first.
        if (
            ReadRetired().FirstOrDefault(branch => branch.Identity.Ref == gitRef) is { } retired
            && retired.Identity.Owners.Contains(project)
        )
            await DecideAsync(retired, created || retired.IsGone, apply: true, comparison.AskAsync);
        return comparison.Unchecked.Count == 0;
    }

    async Task<BranchDecision> DecideAsync(BranchName name, string gitRef, IReadOnlyList<Project> owners, bool apply, AskOwner ask)
    {
        var answers = new List<OwnerAnswer>();
        foreach (var owner in owners)
            answers.Add(await ask(owner, gitRef));
        var decision = BranchDecision.ForExisting(gitRef, answers);
        if (apply && decision.Action is BranchAction.Retire or BranchAction.RemoveOwner)
        {
            var branch = await repository.Branches.GetAsync(name);
            if (await repository.Retirement.RetireGoneAsync(branch, gitRef, decision.Gone, gitLab) is not { } outcome)
                return decision with { Action = BranchAction.None };
            Report(name, outcome.Until is null ? BranchAction.RemoveOwner : BranchAction.Retire, decision.Reason);
        }
        return decision;
    }

    async Task<BranchDecision> DecideAsync(RetiredBranch retired, bool wasGone, bool apply, AskOwner ask)
    {
        var (owners, gitRef) = (retired.Identity.Owners, retired.Identity.Ref!);
        var answers = new List<OwnerAnswer>();
        foreach (var owner in owners)
            answers.Add(await ask(owner, gitRef));
        var decision = BranchDecision.ForRetired(gitRef, wasGone, answers);
        if (!apply)
            return decision;
        if (decision.Action == BranchAction.Restore)
            return await RestoreAsync(retired, decision);
        if (!retired.IsGone && decision.Gone.Count == owners.Count)
            await repository.Retirement.MarkGoneAsync(retired);
        return decision;
    }

    async Task<BranchDecision> RestoreAsync(RetiredBranch retired, BranchDecision decision)
    {
        var none = decision with { Action = BranchAction.None };
        if (repository.Branches.Exists(retired.Name))
            return none;
        try
        {
            await repository.Retirement.RestoreAsync(await repository.Branches.GetAsync(retired.Name), gitLab, retired.Id);
            Report(retired.Name, BranchAction.Restore, decision.Reason);
            return decision;
        }
        catch (Exception exception) when (exception is BranchTakenException or BranchMissingException)
        {
            // A job has created the branch again, or someone else has restored it.
            return none;
        }
    }

    void Report(BranchName name, BranchAction action, string reason)
    {
        status.CountBranch(Answers.Word(action));
        log.LogInformation("{Branch}: {Action}, because {Reason}", name, action, reason);
    }

    IReadOnlyList<BranchSummary> ReadExisting() => ReadExisting(repository.Branches.Names());

    List<BranchSummary> ReadExisting(IEnumerable<BranchName> names) =>
        [
            .. names
                .Select(repository.Branches.Summarize)
                .OfType<BranchSummary>()
                .Where(branch => branch is { IsProtected: false, Ref: not null, Owners.Count: > 0 }),
        ];

    // Only the last retired one of a folder can return.
    List<RetiredBranch> ReadRetired() =>
        [
            .. repository
                .Retirement.All()
                .Where(branch => branch.Identity is { Ref: not null, Owners.Count: > 0 })
                .DistinctBy(branch => branch.Name)
                .Where(branch => !repository.Branches.Exists(branch.Name)),
        ];

    static IEnumerable<BranchName> Folders(string gitRef)
    {
        try
        {
            return [RefSlug.Of(gitRef), RefSlug.OfSecond(gitRef)];
        }
        catch (BranchNameException)
        {
            return [];
        }
    }

    public void Dispose() => oneAtATime.Dispose();
}
