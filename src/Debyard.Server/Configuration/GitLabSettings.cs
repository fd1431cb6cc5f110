using Debyard.Server.Access;

namespace Debyard.Server.Configuration;

/// <summary>Reads the section <c>GitLab</c>; see <c>docs/gitlab.md</c>.</summary>
static class GitLabSettings
{
    /// <param name="folder">The folder of the configuration file, which <c>…File</c> settings are relative to.</param>
    /// <param name="root">The served folder, which must not hold secrets.</param>
    /// <param name="access">The GitLab whose jobs are admitted; null: none. It gives the address and the projects unless the section
    /// does.</param>
    /// <exception cref="ServerStartException">A setting is unknown or invalid.</exception>
    public static GitLabOptions Read(Settings gitLab, string folder, string root, GitLabAccess? access)
    {
        gitLab.Only("Url", "ApiToken", "ApiTokenFile", "Projects", "IntervalSeconds", "Webhooks");
        var url =
            gitLab.Text("Url") is null && access is not null
                ? access.Url
                : gitLab.Read("Url", () => GitLabOptions.RequireHttps(gitLab.Url("Url")));
        var projects = Projects(gitLab) is { Count: > 0 } named
            ? named
            : access?.Projects.Select(project => project.Projects).ToList() ?? [];
        if (projects.Count == 0)
            throw new ServerStartException("GitLab:Projects is missing: name the projects whose branches are compared, as group/*.");
        var token = gitLab.Secret("ApiToken", folder, root);
        return gitLab.Read("ApiToken", () => new GitLabOptions(url, token, projects)) with
        {
            Interval = TimeSpan.FromSeconds(gitLab.Number("IntervalSeconds", 600, least: 10, most: 86_400)),
            Webhooks = [.. gitLab.Section("Webhooks")?.Children.Select(webhook => Webhook(webhook, folder, root)) ?? []],
        };
    }

    static WebhookSecret Webhook(Settings webhook, string folder, string root)
    {
        webhook.Only("Token", "TokenFile", "Projects");
        var secret = webhook.Secret("Token", folder, root);
        var read = webhook.Read("Token", () => new WebhookSecret(webhook.Name, secret));
        return Projects(webhook) is { Count: > 0 } projects ? read with { Projects = projects } : read;
    }

    static IReadOnlyList<ProjectPattern> Projects(Settings section) =>
        section.Read("Projects", () => section.List("Projects").Select(ProjectPattern.Parse).ToList());
}
