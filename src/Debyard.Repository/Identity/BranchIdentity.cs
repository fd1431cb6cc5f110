namespace Debyard.Repository.Identity;

/// <summary>What decides permissions for a branch: its folder, its ref and the projects that own it.</summary>
/// <param name="Ref">The full git ref; null until a writer names one. The default branch always has one.</param>
/// <param name="Owners">The projects that have written to the branch and named themselves, sorted by path.</param>
/// <param name="Exists">False if the folder does not exist yet.</param>
public sealed record BranchIdentity(BranchName Name, string? Ref, IReadOnlyList<Project> Owners, bool Exists)
{
    /// <summary>True if the branch belongs to <paramref name="gitRef"/> or to no ref yet.</summary>
    public bool CanBelongTo(string gitRef) => Ref is null || Ref == gitRef;
}
