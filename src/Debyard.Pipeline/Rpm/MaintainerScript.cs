using System.Text.RegularExpressions;

namespace Debyard.Pipeline.Rpm;

/// <summary>
/// A maintainer script of a .deb. Its arguments differ from those of rpm's scriptlets (<c>configure</c> where rpm passes a count), so it is
/// never copied. What debhelper and Debyard write into it for systemd is known, and an rpm that ships the same units gets rpm's own
/// scriptlets instead. Anything else has no counterpart.
/// </summary>
static partial class MaintainerScript
{
    /// <summary>deb-preinst(5) and related pages, and debconf's.</summary>
    public static IReadOnlyList<string> Names { get; } = ["preinst", "postinst", "prerm", "postrm", "config"];

    // What debhelper's snippets call (autoscripts/), and what does nothing by itself.
    static readonly HashSet<string> known =
    [
        "[",
        "test",
        "true",
        ":",
        "exit",
        "set",
        "deb-systemd-helper",
        "deb-systemd-invoke",
        "systemctl",
        "systemd-sysusers",
        "systemd-tmpfiles",
        "ldconfig",
        "invoke-rc.d",
        "update-rc.d",
    ];

    static readonly HashSet<string> syntax = ["fi", "esac", "done", "then", "else", ";;", "{", "}", "do"];

    /// <summary>The first line that does something without a counterpart; null if there is none.</summary>
    public static (int Number, string Line)? FindUnknown(string text)
    {
        var lines = text.Split('\n');
        if (!Shell.IsMatch(lines[0]))
        {
            return (1, lines[0].Trim());
        }
        // The tool that wrote a section names it in the section's first line; the message should too.
        string? section = null;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            section =
                Begin.Match(line) is { Success: true } begin ? begin.Groups[1].Value
                : End.IsMatch(line) ? null
                : section;
            if (!line.StartsWith('#') && !CommandsOf(line).All(IsKnown))
            {
                return (i + 1, section is null ? line : $"{line} (added by {section})");
            }
        }
        return null;
    }

    static IEnumerable<string> CommandsOf(string line) => Separator.Split(line).Select(command => command.Trim());

    static bool IsKnown(string command)
    {
        command = Prefix.Replace(command, "");
        if (command.Length == 0 || syntax.Contains(command) || CaseLine.IsMatch(command))
        {
            return true;
        }
        // Only the question where a program is may run another program.
        if (Substitution.IsMatch(CommandQuestion.Replace(command, "")))
        {
            return false;
        }
        return Assignment.IsMatch(command) || known.Contains(command.Split(' ', '\t')[0]);
    }

    [GeneratedRegex(@"^#! */(usr/)?bin/(env )?(sh|dash|bash)\b")]
    private static partial Regex Shell { get; }

    [GeneratedRegex("^# Automatically added by (.+)$")]
    private static partial Regex Begin { get; }

    [GeneratedRegex("^# End automatically added section")]
    private static partial Regex End { get; }

    [GeneratedRegex(@"\|\||&&|;;|;|\bthen\b|\belse\b")]
    private static partial Regex Separator { get; }

    [GeneratedRegex(@"^(?:(?:if|elif|!)\s+|[\w*|"" -]+\)\s+)+")]
    private static partial Regex Prefix { get; }

    [GeneratedRegex(@"^case\s.+\sin$|^[\w*|"" -]+\)$")]
    private static partial Regex CaseLine { get; }

    [GeneratedRegex("[`]|\\$\\(")]
    private static partial Regex Substitution { get; }

    [GeneratedRegex(@"\$\(command -v [\w./-]+( 2>/dev/null)?\)")]
    private static partial Regex CommandQuestion { get; }

    [GeneratedRegex(@"^[A-Za-z_]\w*=\S*$")]
    private static partial Regex Assignment { get; }
}
