using System.Text.RegularExpressions;

namespace Debyard.Pipeline.Dockerfiles;

/// <summary>
/// One instruction of a Dockerfile, with continued lines joined and without comments.
/// https://docs.docker.com/reference/dockerfile/#format
/// </summary>
/// <param name="Line">The line where it begins, from 1.</param>
/// <param name="Keyword">In upper case: <c>RUN</c>.</param>
/// <param name="Text">All after the keyword, including flags and here-documents.</param>
public sealed partial record DockerfileInstruction(int Line, string Keyword, string Text)
{
    /// <summary>What COPY and ADD copy from the context, as written; empty if they copy from another image.</summary>
    public IReadOnlyList<string> Sources =>
        Words is [.. var sources, _]
        && Keyword is "COPY" or "ADD"
        && !Flags.Any(flag => flag.StartsWith("--from=", StringComparison.Ordinal))
            ? [.. sources.Where(source => !source.Contains("<<", StringComparison.Ordinal))]
            : [];

    public IEnumerable<string> Flags =>
        Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).TakeWhile(word => word.StartsWith("--", StringComparison.Ordinal));

    string[] Words =>
        [
            .. Text.Split('\n')[0]
                .Split([' ', '\t', '[', ']', ',', '"'], StringSplitOptions.RemoveEmptyEntries)
                .SkipWhile(word => word.StartsWith("--", StringComparison.Ordinal)),
        ];

    [GeneratedRegex(@"^\s*#\s*escape\s*=\s*(\S)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex EscapeDirective { get; }

    [GeneratedRegex(@"<<-?\s*[""']?([A-Za-z_][A-Za-z0-9_]*)[""']?")]
    private static partial Regex HereDocument { get; }

    public static IEnumerable<DockerfileInstruction> Parse(IReadOnlyList<string> lines)
    {
        var escape =
            lines
                .TakeWhile(line => line.TrimStart().StartsWith('#'))
                .Select(line => EscapeDirective.Match(line))
                .FirstOrDefault(match => match.Success)
                ?.Groups[1]
                .Value
            ?? "\\";
        for (var at = 0; at < lines.Count; at++)
        {
            if (IsCommentOrBlank(lines[at]))
            {
                continue;
            }
            var start = at;
            var text = lines[at].TrimEnd();
            while (text.EndsWith(escape, StringComparison.Ordinal) && at + 1 < lines.Count)
            {
                at++;
                // A comment between continued lines is not part of the command.
                text = IsCommentOrBlank(lines[at]) ? text : text[..^escape.Length].TrimEnd() + " " + lines[at].Trim();
            }
            var (keyword, arguments) = text.TrimStart().Split([' ', '\t'], 2) is [var first, var second]
                ? (first, second)
                : (text.Trim(), "");
            keyword = keyword.ToUpperInvariant();
            foreach (
                var end in keyword is "RUN" or "COPY" or "ADD"
                    ? HereDocument.Matches(arguments).Select(match => match.Groups[1].Value).ToList()
                    : []
            )
            {
                while (++at < lines.Count && lines[at].Trim() != end)
                {
                    arguments += "\n" + lines[at];
                }
            }
            yield return new DockerfileInstruction(start + 1, keyword, arguments.Trim());
        }
    }

    static bool IsCommentOrBlank(string line) => line.Trim() is "" or ['#', ..];
}
