using System.Buffers;

namespace Debyard.Repository.Identity;

/// <summary>The path of a GitLab project: <c>group/subgroup/name</c>.</summary>
public readonly record struct Project
{
    const int MaxLength = 255;

    // https://docs.gitlab.com/user/reserved_names/#rules-for-usernames-project-and-group-names-and-slugs
    static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./");

    Project(string path) => Path = path;

    public string Path { get; }

    /// <exception cref="ProjectPathException">The text is not a project path.</exception>
    public static Project Parse(string text) =>
        TryParse(text, out var project)
            ? project
            : throw new ProjectPathException($"'{text}' is not a project path: use letters, digits and - _ . /, as in group/name.");

    public static bool TryParse(string? text, out Project project)
    {
        var isValid = text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Allowed);
        project = isValid ? new Project(text!) : default;
        return isValid;
    }

    public override string ToString() => Path;
}
