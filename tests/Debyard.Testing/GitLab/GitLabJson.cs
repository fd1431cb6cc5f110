namespace Debyard.Testing.GitLab;

/// <summary>GitLab's JSON for projects and branches. https://docs.gitlab.com/api/projects/, https://docs.gitlab.com/api/branches/</summary>
static class GitLabJson
{
    const string Created = "2026-01-15T10:00:00.000Z";

    public static object Of(SimulatedProject project, Uri gitLab)
    {
        var (group, name) = (project.Path[..project.Path.LastIndexOf('/')], project.Path[(project.Path.LastIndexOf('/') + 1)..]);
        return new
        {
            id = project.Id,
            description = (string?)null,
            name,
            name_with_namespace = project.Path.Replace("/", " / ", StringComparison.Ordinal),
            path = name,
            path_with_namespace = project.Path,
            created_at = Created,
            default_branch = project.Branches.Count > 0 ? project.DefaultBranch : null,
            tag_list = Array.Empty<string>(),
            topics = Array.Empty<string>(),
            ssh_url_to_repo = $"git@{gitLab.Host}:{project.Path}.git",
            http_url_to_repo = new Uri(gitLab, $"{project.Path}.git"),
            web_url = new Uri(gitLab, project.Path),
            forks_count = 0,
            star_count = 0,
            last_activity_at = Created,
            visibility = "private",
            archived = project.IsArchived,
            empty_repo = project.Branches.Count == 0,
            creator_id = 1,
            @namespace = new
            {
                id = 2,
                name = group,
                path = group,
                kind = "group",
                full_path = group,
                web_url = new Uri(gitLab, $"groups/{group}"),
            },
        };
    }

    public static object Of(SimulatedProject project, string branch, string commit, Uri gitLab) =>
        new
        {
            name = branch,
            merged = false,
            @protected = branch == project.DefaultBranch,
            @default = branch == project.DefaultBranch,
            developers_can_push = false,
            developers_can_merge = false,
            can_push = false,
            web_url = new Uri(gitLab, $"{project.Path}/-/tree/{Uri.EscapeDataString(branch)}"),
            commit = new
            {
                id = commit,
                short_id = commit[..8],
                created_at = Created,
                parent_ids = Array.Empty<string>(),
                title = "Change something",
                message = "Change something\n\nIt was necessary.\n",
                author_name = "Jo Smith",
                author_email = "jo@example.com",
                authored_date = Created,
                committer_name = "Jo Smith",
                committer_email = "jo@example.com",
                committed_date = Created,
                web_url = new Uri(gitLab, $"{project.Path}/-/commit/{commit}"),
            },
        };
}
