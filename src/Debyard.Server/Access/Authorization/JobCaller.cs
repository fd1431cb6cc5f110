using Debyard.Repository.Identity;
using Debyard.Server.Access.Authentication;
using Debyard.Server.Http;

namespace Debyard.Server.Access.Authorization;

/// <summary>A GitLab job. It writes only the branch of its own ref, and reads it if its project is one of the owners.</summary>
sealed record JobCaller(JobIdentity Job, GitLabAccess GitLab, AccessPolicy Policy) : Caller($"job {Job.Id} of {Job.Project}")
{
    readonly List<ProjectAccess> grants = [.. GitLab.Projects.Where(access => access.Projects.Matches(Job.Project))];

    public override string? Refusal(BranchWrite write)
    {
        var branch = write.Branch;
        if (!Job.IsOfBranch)
            return $"Jobs of tags may not write branches, and {Job.Ref} is a tag; run the job on a branch.";
        if (Policy.IsProtected(branch) && !Job.IsProtected)
            return $"Only jobs of protected refs may write this branch; protect {Job.Ref} in GitLab.";
        var writing = grants.Where(access => access.Write?.Include(branch) ?? !Policy.IsTrusted(branch)).ToList();
        if (writing.Count == 0)
            return Policy.IsTrusted(branch)
                ? $"All branches trust this one, so a job writes it only if Access:GitLab:Projects:{Job.Project}:Write names it."
                : $"Access:GitLab:Projects:{Job.Project}:Write does not include {Job.Ref}.";
        // To join the owners of a private branch would be to read it.
        if (branch.Exists && Policy.IsPrivate(branch) && !MayReadPrivate(branch))
            return $"Jobs of {Job.Project} may not write this branch; an owner of it must be named with X-Debyard-Project by a token.";
        if (write.IsOfWholeBranch && branch.Exists && !branch.Owners.Contains(Job.Project))
            return $"{Job.Project} does not own this branch, so its jobs may not retire or restore it.";
        return writing.Any(access => access.Packages.FindOther(write.Packages) is null)
            ? null
            : $"Jobs of {Job.Project} may not write the package {writing[0].Packages.FindOther(write.Packages)}.";
    }

    public override bool MayReadPrivate(BranchIdentity branch) =>
        Policy.IsDefault(branch)
        || GitLab.Read.Include(branch)
        || Job.IsOfBranch
            && branch.Ref == Job.Ref
            && branch.Owners.Contains(Job.Project)
            && (Job.IsProtected || !Policy.IsProtected(branch));

    public override (string? Ref, Project? Project) WritesFor(BranchName folder, string? gitRef, Project? project) =>
        gitRef is not null && gitRef != Job.Ref
            ? throw new RefusedException(403, $"A job may write only for its own ref, {Job.Ref}; the request names {gitRef}.")
        : project is not null && project != Job.Project
            ? throw new RefusedException(403, $"A job may write only for its own project, {Job.Project}; the request names {project}.")
        : !IsOwn(folder) ? throw new RefusedException(403, $"A job may write only the branch of its own ref, {Job.Ref}, not {folder}.")
        : (Job.Ref, Job.Project);

    bool IsOwn(BranchName folder)
    {
        try
        {
            return RefSlug.CanName(Job.Ref, folder);
        }
        catch (BranchNameException)
        {
            return false;
        }
    }
}
