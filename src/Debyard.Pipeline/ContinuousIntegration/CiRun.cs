namespace Debyard.Pipeline.ContinuousIntegration;

/// <summary>What a CI system says about the run: which branch of which project it builds. What it does not say is null.</summary>
public sealed record CiRun(string System, string? Branch, string? Project, string? Commit)
{
    /// <summary>Recognises GitLab, Gitea Actions, GitHub Actions and Jenkins; null outside of them.</summary>
    /// <param name="variable">The value of an environment variable; null if it is unset or empty.</param>
    public static CiRun? Recognise(Func<string, string?> variable) =>
        // https://docs.gitlab.com/ci/variables/predefined_variables/; in merge requests, the ref is the source branch.
        variable("GITLAB_CI") is not null
            ? new CiRun("GitLab", variable("CI_COMMIT_REF_NAME"), variable("CI_PROJECT_PATH"), variable("CI_COMMIT_SHA"))
        // Gitea sets GitHub's variables too: https://docs.gitea.com/usage/actions/actions-variables
        : variable("GITEA_ACTIONS") is not null ? Actions("Gitea Actions", variable)
        // https://docs.github.com/actions/reference/workflows-and-actions/variables
        : variable("GITHUB_ACTIONS") is not null ? Actions("GitHub Actions", variable)
        // https://www.jenkins.io/doc/book/pipeline/jenkinsfile/; CHANGE_BRANCH is a pull request's, GIT_* are the Git plug-in's.
        : variable("JENKINS_URL") is not null
            ? new CiRun(
                "Jenkins",
                variable("CHANGE_BRANCH") ?? variable("BRANCH_NAME") ?? WithoutRemote(variable("GIT_BRANCH")),
                ProjectOf(variable("GIT_URL")),
                variable("GIT_COMMIT")
            )
        : null;

    public override string ToString() =>
        $"{System}: {Branch ?? "unknown branch"} of {Project ?? "unknown project"} at {Commit ?? "unknown commit"}";

    // In pull requests GITHUB_REF_NAME is 12/merge.
    static CiRun Actions(string system, Func<string, string?> variable) =>
        new(system, variable("GITHUB_HEAD_REF") ?? variable("GITHUB_REF_NAME"), variable("GITHUB_REPOSITORY"), variable("GITHUB_SHA"));

    static string? WithoutRemote(string? branch) =>
        branch?.StartsWith("origin/", StringComparison.Ordinal) == true ? branch["origin/".Length..] : branch;

    // https://host/group/app.git, ssh://git@host/group/app.git and git@host:group/app.git
    static string? ProjectOf(string? url)
    {
        if (url is null)
        {
            return null;
        }
        var path = Uri.TryCreate(url, UriKind.Absolute, out var parsed) ? parsed.AbsolutePath : url[(url.IndexOf(':') + 1)..];
        path = path.Trim('/');
        return path.EndsWith(".git", StringComparison.Ordinal) ? path[..^".git".Length] : path;
    }
}
