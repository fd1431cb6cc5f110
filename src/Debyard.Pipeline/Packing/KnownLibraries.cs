using Debyard.Debian.Names;

namespace Debyard.Pipeline.Packing;

/// <summary>
/// Which package has which library, from the files that packages carry for this: shlibs (deb-shlibs(5)) with one version for each library,
/// and symbols (deb-symbols(5)) with the version that introduced each symbol version.
/// </summary>
public sealed class KnownLibraries
{
    readonly Dictionary<string, string> relations = new(StringComparer.Ordinal);
    readonly Dictionary<string, (string Package, Dictionary<string, string> Introduced)> symbols = new(StringComparer.Ordinal);

    readonly Dictionary<string, string> needed = new(StringComparer.Ordinal);

    /// <summary>Adds the file shlibs of a package that the binaries were built with; it comes before all others.</summary>
    public void AddNeeded(string text) => AddShlibs(text, needed);

    /// <summary>Adds a file shlibs; the first file that has a library counts.</summary>
    public void AddShlibs(string text) => AddShlibs(text, relations);

    static void AddShlibs(string text, Dictionary<string, string> relations)
    {
        foreach (var line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            // [type:] library version relation
            var words = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 3 && !words[0].EndsWith(':'))
            {
                relations.TryAdd($"{words[0]}.so.{words[1]}", OnTarget(words[2].Trim()));
                relations.TryAdd($"{words[0]}-{words[1]}.so", OnTarget(words[2].Trim()));
            }
        }
    }

    /// <summary>Adds a file symbols.</summary>
    public void AddSymbols(string text)
    {
        Dictionary<string, string>? introduced = null;
        foreach (var line in text.Split('\n').Where(line => line.Length > 0))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (line[0] is ' ' && words.Length == 2 && introduced is not null)
            {
                // "GLIBC_2.34@GLIBC_2.34 2.34": the version itself is a symbol. A third word names another template, of private symbols.
                var at = words[0].IndexOf('@', StringComparison.Ordinal);
                if (at > 0 && words[0][..at] == words[0][(at + 1)..])
                {
                    introduced[words[0][..at]] = words[1];
                }
            }
            else if (line[0] is not (' ' or '|' or '*' or '#') && words.Length >= 2)
            {
                introduced = new(StringComparer.Ordinal);
                symbols.TryAdd(words[0], (OnTarget(words[1]), introduced));
            }
        }
    }

    /// <summary>The relation for a library with these symbol versions; null if no package is known to have it.</summary>
    public string? RelationFor(string library, IReadOnlyCollection<string> versions)
    {
        if (needed.TryGetValue(library, out var relation))
        {
            return relation;
        }
        if (versions.Count > 0 && symbols.TryGetValue(library, out var known) && versions.All(known.Introduced.ContainsKey))
        {
            var newest = versions.Select(version => DebianVersion.Parse(known.Introduced[version])).Max()!;
            return $"{known.Package} (>= {newest})";
        }
        return relations.GetValueOrDefault(library) ?? (symbols.TryGetValue(library, out var other) ? other.Package : null);
    }

    // A cross compiler's packages name the architecture (libc6:arm64); on the target the name is libc6.
    static string OnTarget(string relation) =>
        string.Join(
            ", ",
            relation
                .Split(", ")
                .Select(part =>
                    part.IndexOf(':') is > 0 and var colon && part.IndexOf(' ') is var space && (space < 0 || colon < space)
                        ? part[..colon] + (space < 0 ? "" : part[space..])
                        : part
                )
        );
}
