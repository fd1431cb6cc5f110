using Debyard.Server.Access;

namespace Debyard.Server.Configuration;

/// <summary>Reads the section <c>Access</c>; see <c>docs/access.md</c>.</summary>
static class AccessSettings
{
    /// <param name="folder">The folder of the configuration file, which <c>TokenFile</c> is relative to.</param>
    /// <param name="root">The served folder, which must not hold tokens.</param>
    /// <exception cref="ServerStartException">A setting is unknown or invalid.</exception>
    public static AccessOptions Read(Settings access, string folder, string root)
    {
        access.Only("Tokens", "GitLab", "Protected", "Private");
        var options = new AccessOptions
        {
            Tokens = [.. access.Section("Tokens")?.Children.Select(token => Token(token, folder, root)) ?? []],
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

    // Tokens are a map by name, or a list whose items have a Name.
    static AccessToken Token(Settings token, string folder, string root)
    {
        token.Only("Name", "Hash", "Token", "TokenFile", "Write", "Read", "Packages", "Administrator");
        var hash = (token.Text("Hash"), token.Text("Token"), token.Text("TokenFile")) switch
        {
            ({ } digits, null, null) => token.Read("Hash", () => TokenHash.Parse(digits)),
            (null, { }, null) or (null, null, { }) => token.Read("Token", () => TokenHash.OfSecret(token.Secret("Token", folder, root))),
            _ => throw new ServerStartException($"{token.Path} needs exactly one of Hash, Token and TokenFile."),
        };
        return new AccessToken(token.Text("Name") ?? token.Name, hash)
        {
            Write = token.Branches("Write"),
            Read = token.Branches("Read"),
            Packages = Packages(token),
            IsAdministrator = token.Flag("Administrator"),
        };
    }

    static GitLabAccess GitLab(Settings gitLab)
    {
        gitLab.Only("Url", "Audience", "Projects", "Read");
        var url = gitLab.Url("Url");
        var projects = Projects(gitLab);
        if (projects.Count == 0)
            throw new ServerStartException(
                "Access:GitLab:Projects is missing. Every GitLab user can create tokens for any audience: "
                    + "name the admitted projects, as group/*."
            );
        return gitLab.Read("Url", () => new GitLabAccess(url, gitLab.Required("Audience"), projects) { Read = gitLab.Branches("Read") });
    }

    // A map by project, or a list of projects that may write what is not trusted.
    static List<ProjectAccess> Projects(Settings gitLab) =>
        gitLab.Section("Projects") is { } map && !map.IsList
            ? [.. map.Children.Select(project => Project(gitLab, project))]
            : gitLab.Read("Projects", () => gitLab.List("Projects").Select(path => new ProjectAccess(ProjectPattern.Parse(path))).ToList());

    static ProjectAccess Project(Settings gitLab, Settings project)
    {
        project.Only("Write", "Packages");
        return new ProjectAccess(gitLab.Read("Projects", () => ProjectPattern.Parse(project.Name)))
        {
            Write = project.Section("Write") is null ? null : project.Branches("Write"),
            Packages = Packages(project),
        };
    }

    static IReadOnlyList<PackagePattern> Packages(Settings settings) =>
        settings.Read("Packages", () => settings.List("Packages").Select(PackagePattern.Parse).ToList());
}
