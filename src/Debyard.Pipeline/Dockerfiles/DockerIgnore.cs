using System.Text;
using System.Text.RegularExpressions;

namespace Debyard.Pipeline.Dockerfiles;

/// <summary>
/// Which files of a build context are not sent to the engine. The rules are Docker's, not git's: patterns are anchored at the root of
/// the context, the last matching pattern decides, and everything below an ignored folder is ignored.
/// https://docs.docker.com/build/concepts/context/#dockerignore-files
/// </summary>
public sealed class DockerIgnore
{
    readonly List<(Regex Pattern, bool Ignores)> rules;

    DockerIgnore(List<(Regex, bool)> rules) => this.rules = rules;

    /// <summary>Whether a pattern with <c>!</c> may include files below an ignored folder again.</summary>
    public bool HasExceptions => rules.Any(rule => !rule.Ignores);

    public static DockerIgnore Parse(string text)
    {
        var rules = new List<(Regex, bool)>();
        foreach (var line in text.TrimStart('\uFEFF').Split('\n'))
        {
            if (line.StartsWith('#') || line.Trim() is not { Length: > 0 } pattern)
            {
                continue;
            }
            var ignores = !pattern.StartsWith('!');
            var cleaned = Clean(ignores ? pattern : pattern[1..].Trim());
            if (cleaned.Length > 0)
            {
                rules.Add((ToRegex(cleaned), ignores));
            }
        }
        return new DockerIgnore(rules);
    }

    /// <param name="path">Relative to the context, separated by <c>/</c>.</param>
    public bool Ignores(string path)
    {
        var ignored = false;
        foreach (var (pattern, ignores) in rules)
        {
            // A pattern that would not change the result need not be matched.
            if (ignores != ignored && WithParents(path).Any(part => pattern.IsMatch(part)))
            {
                ignored = ignores;
            }
        }
        return ignored;
    }

    static IEnumerable<string> WithParents(string path)
    {
        yield return path;
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            yield return path[..slash];
        }
    }

    static string Clean(string pattern)
    {
        var parts = new List<string>();
        foreach (var part in pattern.Split('/'))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "." or ".."))
            {
                parts.Add(part);
            }
        }
        return string.Join('/', parts);
    }

    static Regex ToRegex(string pattern)
    {
        var regex = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '*' when i + 1 < pattern.Length && pattern[i + 1] == '*':
                    i++;
                    var beforeSlash = i + 1 < pattern.Length && pattern[i + 1] == '/';
                    regex.Append(beforeSlash ? "(?:.*/)?" : ".*");
                    i += beforeSlash ? 1 : 0;
                    break;
                case '*':
                    regex.Append("[^/]*");
                    break;
                case '?':
                    regex.Append("[^/]");
                    break;
                case '[' when pattern.IndexOf(']', i + 1) is > 0 and var end:
                    regex.Append('[').Append(pattern[(i + 1)..end].Replace("\\", "\\\\", StringComparison.Ordinal)).Append(']');
                    i = end;
                    break;
                case '\\' when i + 1 < pattern.Length:
                    regex.Append(Regex.Escape(pattern[++i].ToString()));
                    break;
                default:
                    regex.Append(Regex.Escape(pattern[i].ToString()));
                    break;
            }
        }
        return new Regex(regex.Append('$').ToString(), RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }
}
