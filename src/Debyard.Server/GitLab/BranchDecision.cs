using Debyard.Repository.Identity;

namespace Debyard.Server.GitLab;

/// <summary>What GitLab says about a ref in one of the branch's owner projects.</summary>
/// <param name="Has">Null: it does not say.</param>
/// <param name="Unknown">Why it does not say; null if it does.</param>
sealed record OwnerAnswer(Project Owner, bool? Has, string? Unknown);

enum BranchAction
{
    /// <summary>All owner projects have the git branch.</summary>
    None,

    Retire,
    RemoveOwner,
    Restore,

    /// <summary>It stays although an owner project lacks the git branch or cannot be asked.</summary>
    Keep,
}

/// <summary>What happens to a branch, and why.</summary>
/// <param name="Gone">The owner projects that lack the git branch.</param>
sealed record BranchDecision(BranchAction Action, string Reason, IReadOnlyList<Project> Gone)
{
    /// <summary>For a branch that exists here: it is retired if every owner project lacks the git branch.</summary>
    public static BranchDecision ForExisting(string gitRef, IReadOnlyList<OwnerAnswer> owners)
    {
        var gone = Where(owners, answer => answer.Has == false);
        var has = Where(owners, answer => answer.Has == true);
        var unknown = owners.FirstOrDefault(answer => answer.Has is null);
        return gone.Count == owners.Count ? new(BranchAction.Retire, $"{gitRef} is gone in {string.Join(", ", gone)}.", gone)
            : gone.Count > 0 && has.Count > 0
                ? new(
                    BranchAction.RemoveOwner,
                    $"{gitRef} is gone in {string.Join(", ", gone)}; {string.Join(", ", has)} still has it.",
                    gone
                )
            : unknown is not null ? new(BranchAction.Keep, unknown.Unknown!, [])
            : new(BranchAction.None, "", []);
    }

    /// <summary>For a retired branch: it returns if its git branch was gone and an owner project has it again.</summary>
    /// <param name="wasGone">Whether the git branch was gone since the branch was retired.</param>
    public static BranchDecision ForRetired(string gitRef, bool wasGone, IReadOnlyList<OwnerAnswer> owners) =>
        wasGone && Where(owners, answer => answer.Has == true) is { Count: > 0 } has
            ? new(BranchAction.Restore, $"{gitRef} is back in {string.Join(", ", has)}.", [])
            : new(BranchAction.None, "", Where(owners, answer => answer.Has == false));

    static List<Project> Where(IReadOnlyList<OwnerAnswer> owners, Predicate<OwnerAnswer> condition) =>
        [.. owners.Where(answer => condition(answer)).Select(answer => answer.Owner)];
}
