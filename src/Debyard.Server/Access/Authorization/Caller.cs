using Debyard.Repository.Identity;
using Debyard.Server.Access.Authentication;
using Debyard.Server.Http;

namespace Debyard.Server.Access.Authorization;

/// <summary>The sender of a request and its permissions.</summary>
/// <param name="Name">Its name in the log and in the journal.</param>
abstract record Caller(string Name)
{
    /// <summary>Every caller of a server without access control.</summary>
    public static Caller Unrestricted { get; } = new UnrestrictedCaller();

    /// <summary>A caller without credentials, on a server with access control.</summary>
    public static Caller Anonymous { get; } = new AnonymousCaller();

    /// <summary>Why the caller may not write the branch; null if it may. Does not reveal whether the branch exists.</summary>
    /// <param name="gitRef">The branch's ref; null if it is unknown.</param>
    public abstract string? WriteRefusal(BranchName branch, string? gitRef);

    /// <summary>True if the caller may read the private branch.</summary>
    public abstract bool MayReadPrivate(BranchIdentity branch);

    /// <summary>The ref and project that the caller writes for, given those that the request names.</summary>
    /// <exception cref="RefusedException">They are not the caller's.</exception>
    public virtual (string? Ref, Project? Project) WritesFor(string? gitRef, Project? project) => (gitRef, project);

    sealed record UnrestrictedCaller() : Caller("anonymous")
    {
        public override string? WriteRefusal(BranchName branch, string? gitRef) => null;

        public override bool MayReadPrivate(BranchIdentity branch) => true;
    }

    sealed record AnonymousCaller() : Caller("stranger")
    {
        public override string? WriteRefusal(BranchName branch, string? gitRef) =>
            "Authentication required: send Authorization: Bearer TOKEN with a token that may write this branch.";

        public override bool MayReadPrivate(BranchIdentity branch) => false;
    }
}

/// <summary>The holder of a static token.</summary>
sealed record TokenHolder(AccessToken Token) : Caller($"token {Token.Name}")
{
    public override string? WriteRefusal(BranchName branch, string? gitRef) =>
        Token.Write.Include(branch, gitRef) ? null : $"The token {Token.Name} may not write {branch}.";

    public override bool MayReadPrivate(BranchIdentity branch) =>
        Token.Write.Include(branch.Name, branch.Ref) || Token.Read.Include(branch.Name, branch.Ref);
}

/// <summary>A GitLab job. It writes only the branch of its own ref.</summary>
sealed record JobCaller(JobIdentity Job, AccessOptions Access, GitLabAccess GitLab, string DefaultRef)
    : Caller($"job {Job.Id} of {Job.Project}")
{
    readonly BranchName defaultBranch = RefSlug.Of(DefaultRef);
    readonly BranchName[] folders = Folders(Job.Ref, DefaultRef);

    public override string? WriteRefusal(BranchName branch, string? gitRef) =>
        !Job.IsOfBranch ? $"Jobs of tags may not write branches, and {Job.Ref} is a tag; run the job on a branch."
        : !folders.Contains(branch) ? $"A job may write only the branch of its own ref, {Job.Ref}, not {branch}."
        : (branch == defaultBranch || Access.Protected.Include(branch, Job.Ref)) && !Job.IsProtected
            ? $"Only jobs of protected refs may write {branch}; protect {Job.Ref} in GitLab."
        : null;

    public override bool MayReadPrivate(BranchIdentity branch) =>
        branch.Name == defaultBranch
        || GitLab.Read.Include(branch.Name, branch.Ref)
        || Job.IsOfBranch && folders.Contains(branch.Name) && branch.CanBelongTo(Job.Ref);

    public override (string? Ref, Project? Project) WritesFor(string? gitRef, Project? project) =>
        gitRef is not null && gitRef != Job.Ref
            ? throw new RefusedException(403, $"A job may write only for its own ref, {Job.Ref}; the request names {gitRef}.")
        : project is not null && project != Job.Project
            ? throw new RefusedException(403, $"A job may write only for its own project, {Job.Project}; the request names {project}.")
        : (Job.Ref, Job.Project);

    static BranchName[] Folders(string gitRef, string defaultRef)
    {
        try
        {
            // 'Main' has the slug of 'main' and must not become the default branch.
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
