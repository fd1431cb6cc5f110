using System.Buffers;
using System.IO.Enumeration;
using Debyard.Repository.Identity;

namespace Debyard.Server.Access;

/// <summary>
/// Selects GitLab projects by path: <c>*</c> stands for any characters, also none and also <c>/</c>, <c>?</c> for one. Case matters.
/// </summary>
public readonly record struct ProjectPattern(string Pattern)
{
    static readonly SearchValues<char> allowed = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./*?"
    );

    /// <exception cref="FormatException">No project path can match the pattern.</exception>
    public static ProjectPattern Parse(string text) =>
        text.Length > 0 && !text.AsSpan().ContainsAnyExcept(allowed)
            ? new ProjectPattern(text)
            : throw new FormatException($"'{text}' cannot match a project; write a path like group/name or group/*");

    public bool Matches(Project project) => FileSystemName.MatchesSimpleExpression(Pattern, project.Path, ignoreCase: false);

    public override string ToString() => Pattern;
}
