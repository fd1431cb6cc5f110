using Debyard.Protocol;
using Debyard.Repository.Identity;
using Debyard.Server.Configuration;
using Microsoft.Extensions.Logging;

namespace Debyard.Server.GitLab;

/// <summary>Answers whether an owner project has a ref.</summary>
delegate Task<OwnerAnswer> AskOwner(Project owner, string gitRef);

/// <summary>
/// GitLab's answers about the projects of one comparison. A project that could not be read once is not asked again. An absence in a list
/// is confirmed for the single branch, at the time of acting: lists are read page by page, while branches come and go.
/// </summary>
sealed class ProjectComparison(GitLabApi api, GitLabOptions options, GitLabStatus status, ILogger log)
{
    // Of each project that was listed: which of the refs in question its list lacks.
    readonly Dictionary<Project, IReadOnlySet<string>> lacking = [];
    readonly Dictionary<Project, string> faults = [];

    public IReadOnlySet<Project> Projects => lacking.Keys.Concat(faults.Keys).ToHashSet();

    public IReadOnlyList<UncheckedProject> Unchecked =>
        [
            .. faults
                .OrderBy(fault => fault.Key.Path, StringComparer.Ordinal)
                .Select(fault => new UncheckedProject(fault.Key.Path, fault.Value)),
        ];

    /// <summary>Lists the project's branches.</summary>
    /// <param name="refs">Those that it could have.</param>
    public async Task ReadAsync(Project project, HashSet<string> refs)
    {
        try
        {
            if (!IsIncluded(project))
                return;
            var listed = await api.ListBranchesAsync(project);
            lacking[project] = refs.Where(gitRef => !listed.Contains(gitRef)).ToHashSet(StringComparer.Ordinal);
            status.Record(project, null);
        }
        catch (GitLabFaultException fault)
        {
            Record(project, fault);
        }
    }

    /// <inheritdoc cref="AskOwner"/>
    public async Task<OwnerAnswer> AskAsync(Project owner, string gitRef)
    {
        if (faults.TryGetValue(owner, out var known))
            return new OwnerAnswer(owner, null, known);
        if (!IsIncluded(owner))
            return new OwnerAnswer(owner, null, faults[owner]);
        var isListed = lacking.TryGetValue(owner, out var absent);
        if (isListed && !absent!.Contains(gitRef))
            return new OwnerAnswer(owner, true, null);
        try
        {
            var has = await api.HasBranchAsync(owner, gitRef);
            if (has && isListed)
                log.LogWarning("GitLab's list of the branches of {Project} lacked {Ref}, which exists", owner, gitRef);
            return new OwnerAnswer(owner, has, null);
        }
        catch (GitLabFaultException fault)
        {
            Record(owner, fault);
            return new OwnerAnswer(owner, null, faults[owner]);
        }
    }

    bool IsIncluded(Project project)
    {
        if (options.Includes(project))
            return true;
        faults[project] = $"{project} is not one of GitLab:Projects.";
        return false;
    }

    void Record(Project project, GitLabFaultException fault)
    {
        faults[project] = fault.Message;
        status.Record(project, fault.Fault);
        log.LogWarning("Branches of {Project} stay: {Reason}", project, fault.Message);
    }
}
