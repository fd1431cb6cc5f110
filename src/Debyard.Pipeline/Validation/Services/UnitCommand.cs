using System.Text;

namespace Debyard.Pipeline.Validation.Services;

/// <summary>A command line of a unit. systemd.service(5), "Command lines".</summary>
/// <param name="Words">The program and its arguments; <c>$NAME</c> and <c>${NAME}</c> are still in them.</param>
/// <param name="IgnoresFailure">The prefix <c>-</c>.</param>
/// <param name="IsPrivileged">The prefixes <c>+</c>, <c>!</c> and <c>!!</c>: it runs as root.</param>
public sealed record UnitCommand(IReadOnlyList<string> Words, bool IgnoresFailure, bool IsPrivileged)
{
    public static UnitCommand Parse(string line)
    {
        var prefixes = line.TakeWhile(letter => "@-:+!|".Contains(letter, StringComparison.Ordinal)).ToHashSet();
        var words = Split(line[line.TakeWhile(prefixes.Contains).Count()..]);
        // "@" passes the second word as argv[0], which only changes the name in process lists.
        return new UnitCommand(
            prefixes.Contains('@') && words.Count > 1 ? [words[0], .. words.Skip(2)] : words,
            prefixes.Contains('-'),
            prefixes.Contains('+') || prefixes.Contains('!')
        );
    }

    /// <summary>The words with variables replaced: <c>$NAME</c> as a word of its own becomes none or several words.</summary>
    public IEnumerable<string> Resolve(IReadOnlyDictionary<string, string> variables)
    {
        foreach (var word in Words)
        {
            if (word is ['$', .. var name] && name.Length > 0 && name.All(IsNameLetter))
            {
                foreach (var part in Split(variables.GetValueOrDefault(name, "")))
                {
                    yield return part;
                }
            }
            else
            {
                yield return Substitute(word, variables);
            }
        }
    }

    static string Substitute(string word, IReadOnlyDictionary<string, string> variables)
    {
        var result = new StringBuilder();
        for (var at = 0; at < word.Length; at++)
        {
            if (word[at] == '$' && at + 1 < word.Length && word[at + 1] == '$')
            {
                result.Append('$');
                at++;
            }
            else if (word[at] == '$' && word.IndexOf('}', at) is > 0 and var end && word[at + 1] == '{')
            {
                result.Append(variables.GetValueOrDefault(word[(at + 2)..end], ""));
                at = end;
            }
            else
            {
                result.Append(word[at]);
            }
        }
        return result.ToString();
    }

    static bool IsNameLetter(char letter) => char.IsAsciiLetterOrDigit(letter) || letter == '_';

    /// <summary>Splits at blanks outside quotes; a backslash escapes as in C. systemd.syntax(7), "Quoting".</summary>
    public static IReadOnlyList<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        char? quote = null;
        var isOpen = false;
        for (var at = 0; at < line.Length; at++)
        {
            var letter = line[at];
            if (letter == '\\' && at + 1 < line.Length)
            {
                word.Append(Unescape(line, ref at));
                isOpen = true;
            }
            else if (quote == letter)
            {
                quote = null;
            }
            else if (quote is null && letter is '"' or '\'' && quote is null)
            {
                (quote, isOpen) = (letter, true);
            }
            else if (quote is null && char.IsWhiteSpace(letter))
            {
                if (isOpen)
                {
                    words.Add(word.ToString());
                }
                word.Clear();
                isOpen = false;
            }
            else
            {
                word.Append(letter);
                isOpen = true;
            }
        }
        if (isOpen)
        {
            words.Add(word.ToString());
        }
        return words;
    }

    static char Unescape(string line, ref int at) =>
        line[++at] switch
        {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            's' => ' ',
            var other => other,
        };
}
