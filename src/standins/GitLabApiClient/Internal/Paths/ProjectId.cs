using System.Globalization;
using GitLabApiClient.Models.Projects.Responses;

namespace GitLabApiClient.Internal.Paths;

/// <summary>A project in a URL: its number, or its path with the slashes encoded (<c>group%2Fproject</c>).</summary>
public class ProjectId
{
    readonly string path;

    ProjectId(string path) => this.path = path;

    public static implicit operator ProjectId(string projectPath) => new(Url.Encode(projectPath));

    public static implicit operator ProjectId(int projectId) => new(projectId.ToString(CultureInfo.InvariantCulture));

    public static implicit operator ProjectId(Project project)
    {
        if (project.PathWithNamespace?.Trim() is { Length: > 0 } path)
            return path;
        return project.Id > 0
            ? project.Id
            : throw new ArgumentException("Cannot determine project path or id from provided Project instance.");
    }

    public override string ToString() => path;
}
