using System.Text.RegularExpressions;

namespace Debyard.Pipeline.Manifests;

/// <summary>The keys of <c>pack</c> that are control fields.</summary>
static partial class PackFields
{
    /// <summary>Debian Policy 7: fields that name other packages.</summary>
    static readonly (string Key, string Field)[] relations =
    [
        ("pre-depends", "Pre-Depends"),
        ("depends", "Depends"),
        ("recommends", "Recommends"),
        ("suggests", "Suggests"),
        ("enhances", "Enhances"),
        ("conflicts", "Conflicts"),
        ("breaks", "Breaks"),
        ("replaces", "Replaces"),
        ("provides", "Provides"),
    ];

    static readonly (string Key, string Field)[] texts =
    [
        ("section", "Section"),
        ("priority", "Priority"),
        ("maintainer", "Maintainer"),
        ("homepage", "Homepage"),
        ("multi-arch", "Multi-Arch"),
    ];

    // Debian Policy 7.1, with the alternatives and substitutions of a control file of sources.
    [GeneratedRegex(
        @"^(?:\$\{[a-zA-Z][a-zA-Z0-9:-]*\}|[a-z0-9][a-z0-9+.-]+(?::[a-z0-9-]+)?(?:\s*\((?:<<|<=|=|>=|>>)\s*[^\s()]+\))?(?:\s*\[[^\]]+\])?)$"
    )]
    private static partial Regex Relation { get; }

    public static Dictionary<string, string> Read(YamlMap map, Mistakes mistakes)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, field) in texts)
        {
            if (map.Optional(key) is { } text)
            {
                fields.Add(field, text.Trim());
            }
        }
        foreach (var (key, field) in relations)
        {
            var items = map.List(key);
            foreach (var (text, node) in items.Where(item => !item.Text.Split('|', StringSplitOptions.TrimEntries).All(Relation.IsMatch)))
            {
                mistakes.Add(
                    node,
                    $"'{text}' is not a relation to a package: use name, name (>= version), or one | other (Debian Policy 7.1); "
                        + "put several into a list"
                );
            }
            if (items.Count > 0)
            {
                fields.Add(field, string.Join(", ", items.Select(item => item.Text)));
            }
        }
        if (map.Optional("description") is { } description)
        {
            fields.Add("Description", Description(description));
        }
        foreach (var (name, value) in map.Texts("fields"))
        {
            if (!fields.TryAdd(name, value))
            {
                mistakes.Add(map.Find("fields")!, $"{name} is set twice: by a key of its own, and in 'fields'");
            }
        }
        return fields;
    }

    // Debian Policy 5.6.13: the first line is the synopsis, each other line begins with a space, and an empty one is a dot.
    static string Description(string text)
    {
        var lines = text.Trim().Split('\n').Select(line => line.TrimEnd()).ToList();
        return string.Join('\n', lines.Take(1).Concat(lines.Skip(1).Select(line => line.Length == 0 ? " ." : " " + line)));
    }
}
