using System.Text;
using System.Text.RegularExpressions;

namespace Nuke.Common.IO;

/// <summary>Files by patterns: <c>*</c> and <c>?</c> within a name, <c>**</c> for any folders, <c>[abc]</c>, <c>{deb,rpm}</c>.</summary>
public static class Globbing
{
    public static IReadOnlyCollection<AbsolutePath> GlobFiles(this AbsolutePath directory, params string[] patterns) =>
        Find(directory, patterns, Directory.EnumerateFiles);

    public static IReadOnlyCollection<AbsolutePath> GlobDirectories(this AbsolutePath directory, params string[] patterns) =>
        Find(directory, patterns, Directory.EnumerateDirectories);

    static List<AbsolutePath> Find(
        AbsolutePath directory,
        string[] patterns,
        Func<string, string, SearchOption, IEnumerable<string>> enumerate
    )
    {
        if (patterns.Length == 0)
            (directory, patterns) = Split(directory);
        if (!directory.DirectoryExists())
            return [];
        var names = patterns.Any(x => x.Contains('/') || x.Contains("**", StringComparison.Ordinal))
            ? SearchOption.AllDirectories
            : SearchOption.TopDirectoryOnly;
        string[] candidates = [.. enumerate(directory, "*", names).Order(StringComparer.Ordinal)];
        return
        [
            .. patterns
                .Select(ToRegex)
                .SelectMany(x => candidates.Where(y => x.IsMatch(Path.GetRelativePath(directory, y).Replace('\\', '/'))))
                .Select(AbsolutePath.Create),
        ];
    }

    // (RootDirectory / "src" / "*.cs").GlobFiles(): the folders up to the first pattern, and the rest.
    static (AbsolutePath, string[]) Split(AbsolutePath definition)
    {
        var directory = definition;
        while (directory.ToString().Contains('*'))
            directory = directory.Parent;
        return (directory, [definition.ToString()[directory.ToString().Length..].TrimStart('/', '\\')]);
    }

    static Regex ToRegex(string pattern)
    {
        var regex = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            var rest = pattern.AsSpan(i);
            if (rest.StartsWith("**/"))
            {
                regex.Append("(?:[^/]+/)*");
                i += 2;
            }
            else if (rest.StartsWith("**"))
            {
                regex.Append(".*");
                i++;
            }
            else
            {
                regex.Append(
                    pattern[i] switch
                    {
                        '*' => "[^/]*",
                        '?' => "[^/]",
                        '{' => "(?:",
                        '}' => ")",
                        ',' => "|",
                        '[' when rest.StartsWith("[!") => "[^",
                        '!' when i > 0 && pattern[i - 1] == '[' => "",
                        '[' or ']' or '-' => pattern[i].ToString(),
                        var character => Regex.Escape(character.ToString()),
                    }
                );
            }
        }
        var options = EnvironmentInfo.IsWin ? RegexOptions.CultureInvariant | RegexOptions.IgnoreCase : RegexOptions.CultureInvariant;
        return new Regex(regex.Append('$').ToString(), options);
    }
}
