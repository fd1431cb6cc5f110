namespace Debyard.Repository.Identity;

/// <summary>The properties of a branch that decide permissions: its folder, its ref and the projects that own it.</summary>
/// <param name="Ref">The full git ref; null until a writer names one.</param>
/// <param name="Owners">The projects that have written to the branch and named themselves, sorted by path.</param>
public sealed record BranchIdentity(BranchName Name, string? Ref, IReadOnlyList<Project> Owners)
{
    /// <summary>True if the branch belongs to <paramref name="gitRef"/> or to no ref yet.</summary>
    public bool CanBelongTo(string gitRef) => Ref is null || Ref == gitRef;
}
