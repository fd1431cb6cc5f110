using System.Formats.Tar;
using System.Globalization;

namespace Debyard.Pipeline.Rpm;

/// <summary>
/// The list <c>%files</c>. It names every path with mode and owner from the .deb; rpmbuild fails if a file is missing in it, which checks
/// the list.
/// </summary>
static class RpmFiles
{
    public static (IReadOnlyList<string> Lines, IReadOnlyList<string> Problems) Render(DebContent package)
    {
        var (lines, problems) = (new List<string>(), new List<string>());
        var conffiles = ConffilesOf(package, problems);
        foreach (var file in package.Files)
        {
            var owner = $"{file.User}, {file.Group}";
            var mode = Convert.ToString(file.Mode, 8).PadLeft(4, '0');
            switch (file.Type)
            {
                case TarEntryType.Directory:
                    if (!StandardFolders.Contain(file.Path))
                    {
                        lines.Add($"%dir %attr({mode}, {owner}) {Pattern(file.Path)}");
                    }
                    break;
                case TarEntryType.SymbolicLink:
                    lines.Add($"%attr(-, {owner}) {Pattern(file.Path)}");
                    break;
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.HardLink or TarEntryType.ContiguousFile:
                    var config = conffiles.Remove(file.Path) ? "%config(noreplace) " : "";
                    lines.Add($"{config}%attr({mode}, {owner}) {Pattern(file.Path)}");
                    break;
                default:
                    problems.Add($"{file.Path} is a device or pipe, which rpms here cannot contain: make it in a script");
                    break;
            }
            if (char.IsAsciiDigit(file.User[0]) || char.IsAsciiDigit(file.Group[0]))
            {
                problems.Add($"{file.Path} belongs to {file.User}:{file.Group}, numbers without names: give it an owner with a name");
            }
        }
        problems.AddRange(conffiles.Select(conffile => $"the conffile {conffile} is not a file of the package: remove it from conffiles"));
        return (lines, problems);
    }

    static HashSet<string> ConffilesOf(DebContent package, List<string> problems)
    {
        var conffiles = new HashSet<string>(StringComparer.Ordinal);
        foreach (
            var line in package
                .ControlFiles.GetValueOrDefault("conffiles", "")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        )
        {
            if (line.StartsWith('/'))
            {
                conffiles.Add(line);
            }
            else
            {
                problems.Add($"conffiles says '{line}', which has no counterpart in rpm: remove that line");
            }
        }
        return conffiles;
    }

    // rpm reads each path as a pattern and expands macros in it. A question mark stands for one byte of any value.
    static string Pattern(string path) =>
        string.Concat(
            path.Select(character =>
                character is '*' or '?' or '[' or ']' or '{' or '}' or '\\' or '"' or '\'' or '%' or '$' || char.IsWhiteSpace(character)
                    ? "?"
                    : character.ToString(CultureInfo.InvariantCulture)
            )
        );
}
