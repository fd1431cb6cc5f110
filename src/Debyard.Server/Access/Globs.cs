using System.Buffers;
using System.IO.Enumeration;

namespace Debyard.Server.Access;

/// <summary>Names by pattern: <c>*</c> is any text, also none, <c>?</c> one character; case counts.</summary>
public sealed class Globs
{
    static readonly SearchValues<char> Allowed = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./*?"
    );

    readonly string[] patterns;

    Globs(string[] patterns) => this.patterns = patterns;

    public static Globs None { get; } = new([]);

    public bool IsEmpty => patterns.Length == 0;

    /// <exception cref="FormatException">A pattern that could match nothing; the message says why.</exception>
    public static Globs OfBranches(params IEnumerable<string> patterns) =>
        new([
            .. patterns.Select(pattern =>
                IsOf(pattern) && !pattern.Any(letter => letter is '/' or '_' or '.' || char.IsAsciiLetterUpper(letter))
                    ? pattern
                    : throw new FormatException(
                        $"'{pattern}' matches no branch: the names are those of folders, as in CI_COMMIT_REF_SLUG, with * and ?"
                    )
            ),
        ]);

    /// <exception cref="FormatException">A pattern that could match nothing; the message says why.</exception>
    public static Globs OfProjects(params IEnumerable<string> patterns) =>
        new([
            .. patterns.Select(pattern =>
                IsOf(pattern)
                    ? pattern
                    : throw new FormatException($"'{pattern}' matches no project: write paths like group/name or group/*")
            ),
        ]);

    public bool Include(string name) =>
        Array.Exists(patterns, pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));

    static bool IsOf(string pattern) => pattern.Length > 0 && !pattern.AsSpan().ContainsAnyExcept(Allowed);
}
