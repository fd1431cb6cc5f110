using Debyard.Repository.Identity;
using Debyard.Server.Access.Authentication;

namespace Debyard.Server.Access.Authorization;

/// <summary>Who sent a request, and what that entitles to.</summary>
/// <param name="Name">What the log calls it.</param>
abstract record Caller(string Name)
{
    /// <summary>Everybody, where nobody is asked.</summary>
    public static Caller Unrestricted { get; } = new UnrestrictedCaller();

    /// <summary>Who showed nothing where others do.</summary>
    public static Caller Anonymous { get; } = new AnonymousCaller();

    /// <summary>Why the branch is not this caller's to write; null where it is. Says nothing about whether there is one.</summary>
    public abstract string? WriteRefusal(BranchName branch);

    /// <summary>True where a branch may be read that not everybody may.</summary>
    public abstract bool MayReadPrivate(BranchIdentity branch);

    /// <summary>The ref and the project it writes for, given those that it says.</summary>
    /// <exception cref="RefusedException">They are not its own.</exception>
    public virtual (string? Ref, Project? Project) WritesFor(string? gitRef, Project? project) => (gitRef, project);

    sealed record UnrestrictedCaller() : Caller("anonymous")
    {
        public override string? WriteRefusal(BranchName branch) => null;

        public override bool MayReadPrivate(BranchIdentity branch) => true;
    }

    sealed record AnonymousCaller() : Caller("stranger")
    {
        public override string? WriteRefusal(BranchName branch) =>
            "Say who you are: Authorization: Bearer TOKEN, with a token that may write this branch.";

        public override bool MayReadPrivate(BranchIdentity branch) => false;
    }
}

/// <summary>The holder of a static token.</summary>
sealed record TokenHolder(AccessToken Token) : Caller($"token {Token.Name}")
{
    public override string? WriteRefusal(BranchName branch) =>
        Token.Write.Include(branch.Value) ? null : $"The token {Token.Name} may not write {branch}.";

    public override bool MayReadPrivate(BranchIdentity branch) =>
        Token.Write.Include(branch.Name.Value) || Token.Read.Include(branch.Name.Value);
}

/// <summary>A GitLab job: it writes the branch of its own ref, and nothing else.</summary>
sealed record JobCaller(JobIdentity Job, AccessOptions Access, GitLabAccess GitLab, string DefaultRef)
    : Caller($"job {Job.Id} of {Job.Project}")
{
    readonly BranchName defaultBranch = RefSlug.Of(DefaultRef);
    readonly BranchName[] folders = Folders(Job.Ref, DefaultRef);

    public override string? WriteRefusal(BranchName branch) =>
        !Job.IsOfBranch ? $"A job of a tag writes no branch, and {Job.Ref} is one; run it on a branch."
        : !folders.Contains(branch) ? $"A job writes only the branch of its own ref, {Job.Ref}; {branch} is another's."
        : (branch == defaultBranch || Access.Protected.Include(branch.Value)) && !Job.IsProtected
            ? $"Only jobs of protected refs write {branch}; protect {Job.Ref} in GitLab."
        : null;

    public override bool MayReadPrivate(BranchIdentity branch) =>
        branch.Name == defaultBranch
        || GitLab.Read.Include(branch.Name.Value)
        || Job.IsOfBranch && folders.Contains(branch.Name) && branch.CanBelongTo(Job.Ref);

    public override (string? Ref, Project? Project) WritesFor(string? gitRef, Project? project) =>
        gitRef is not null && gitRef != Job.Ref
            ? throw new RefusedException(403, $"A job writes for its own ref, {Job.Ref}, and the request says another.")
        : project is not null && project != Job.Project
            ? throw new RefusedException(403, $"A job writes for its own project, {Job.Project}, and the request says another.")
        : (Job.Ref, Job.Project);

    static BranchName[] Folders(string gitRef, string defaultRef)
    {
        try
        {
            // 'Main' has the slug of 'main', and must not come to stand for the default branch.
            return RefSlug.Of(gitRef) == RefSlug.Of(defaultRef) && gitRef != defaultRef
                ? [RefSlug.OfSecond(gitRef)]
                : [RefSlug.Of(gitRef), RefSlug.OfSecond(gitRef)];
        }
        catch (BranchNameException)
        {
            return [];
        }
    }
}
