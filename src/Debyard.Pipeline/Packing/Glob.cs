using System.Text;
using System.Text.RegularExpressions;

namespace Debyard.Pipeline.Packing;

/// <summary>A pattern of paths: <c>*</c> and <c>?</c> in a folder, <c>**</c> across folders, <c>[a-z]</c> (glob(7)).</summary>
public sealed class Glob
{
    readonly Regex regex;

    public Glob(string pattern)
    {
        regex = ToRegex(pattern);
        var wild = pattern.AsSpan().IndexOfAny('*', '?', '[');
        IsPattern = wild >= 0;
        Folder = pattern[..(IsPattern ? pattern.LastIndexOf('/', wild) + 1 : pattern.LastIndexOf('/') + 1)];
    }

    /// <summary>False for an ordinary path.</summary>
    public bool IsPattern { get; }

    /// <summary>The folder before the first wildcard, with a slash at its end; empty if there is none.</summary>
    public string Folder { get; }

    public bool Matches(string path) => regex.IsMatch(path);

    static Regex ToRegex(string pattern)
    {
        var text = new StringBuilder("^");
        for (var at = 0; at < pattern.Length; at++)
        {
            var rest = pattern.AsSpan(at);
            if (rest.StartsWith("**/"))
            {
                text.Append("(?:.*/)?");
                at += 2;
            }
            else if (rest.StartsWith("**"))
            {
                text.Append(".*");
                at++;
            }
            else if (rest[0] == '[' && rest.IndexOf(']') is > 1 and var end)
            {
                var set = rest[1..end].ToString().Replace("\\", "\\\\", StringComparison.Ordinal);
                text.Append('[').Append(set.StartsWith('!') ? "^" + set[1..] : set).Append(']');
                at += end;
            }
            else
            {
                text.Append(
                    rest[0] switch
                    {
                        '*' => "[^/]*",
                        '?' => "[^/]",
                        var plain => Regex.Escape(plain.ToString()),
                    }
                );
            }
        }
        return new Regex(text.Append('$').ToString(), RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }
}
