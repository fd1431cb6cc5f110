using Debyard.Server.Access;

namespace Debyard.Server.Configuration;

/// <summary>Reads the section <c>Access</c>; see <c>docs/access.md</c>.</summary>
static class AccessSettings
{
    /// <exception cref="ServerStartException">A setting is unknown or invalid.</exception>
    public static AccessOptions Read(Settings access, string root)
    {
        access.Only("Tokens", "GitLab", "Protected", "Private");
        var options = new AccessOptions
        {
            Tokens = [.. access.Section("Tokens")?.Children.Select(token => Token(token, root)) ?? []],
            GitLab = access.Section("GitLab") is { } gitLab ? GitLab(gitLab) : null,
            Protected = access.Branches("Protected"),
            Private = access.Branches("Private"),
        };
        // Without either, no one could write; that cannot be the intention.
        return options.Tokens.Count > 0 || options.GitLab is not null
            ? options
            : throw new ServerStartException(
                "Access has neither Tokens nor GitLab, so no one could write. Add one of them, or remove Access."
            );
    }

    static AccessToken Token(Settings token, string root)
    {
        token.Only("Token", "TokenFile", "Write", "Read");
        var secret = token.Secret("Token", root);
        return token.Read("Token", () => new AccessToken(token.Name, secret)) with
        {
            Write = token.Branches("Write"),
            Read = token.Branches("Read"),
        };
    }

    static GitLabAccess GitLab(Settings gitLab)
    {
        gitLab.Only("Url", "Audience", "Projects", "Read");
        var url = gitLab.Url("Url");
        var projects = gitLab.Read("Projects", () => gitLab.List("Projects").Select(ProjectPattern.Parse).ToList());
        if (projects.Count == 0)
            throw new ServerStartException(
                "Access:GitLab:Projects is missing. Every GitLab user can create tokens for any audience: "
                    + "name the admitted projects, as group/*."
            );
        return gitLab.Read("Url", () => new GitLabAccess(url, gitLab.Required("Audience"), projects) { Read = gitLab.Branches("Read") });
    }
}
