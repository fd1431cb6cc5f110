using System.Text.RegularExpressions;
using Debyard.Debian.Names;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Rpm;

/// <summary>Translates the relations of a .deb (Debian Policy 7).</summary>
/// <param name="package">The package whose relations they are.</param>
/// <param name="own">The names of packages that are made into rpms too.</param>
/// <param name="settings">What the manifest says about the rpm.</param>
sealed partial class RpmRelations(DebContent package, IReadOnlySet<string> own, RpmSettings settings)
{
    const string Foreign = "is a package of Debian, whose name rpm's distributions do not know";

    /// <summary>The lines of the spec file: <c>Requires: streamer-lua >= 5.4.4-1</c>.</summary>
    public IReadOnlyList<string> Lines { get; private set; } = [];

    /// <summary>The relations without a counterpart, with what to do.</summary>
    public IReadOnlyList<string> Problems { get; private set; } = [];

    public RpmRelations Translate()
    {
        var (lines, problems) = (new List<string>(), new List<string>());
        foreach (
            var (field, tag) in new[]
            {
                ("Pre-Depends", "Requires(pre)"),
                ("Depends", "Requires"),
                ("Recommends", "Recommends"),
                ("Suggests", "Suggests"),
                ("Enhances", "Enhances"),
                ("Provides", "Provides"),
                ("Breaks", "Conflicts"),
                ("Conflicts", "Conflicts"),
                ("Replaces", "Obsoletes"),
            }
        )
        {
            if (package.Control[field] is not { } value || settings.Ignore.Contains(field))
            {
                continue;
            }
            foreach (var group in Split(value, ',').Select(alternatives => Split(alternatives, '|').Select(Relation.Parse).ToList()))
            {
                if (Translated(field, group) is { } relation)
                {
                    lines.Add($"{tag}: {relation}");
                }
                else if (ProblemOf(field, group) is { } problem)
                {
                    problems.Add(problem);
                }
            }
        }
        lines.AddRange((settings.Requires ?? []).Select(requirement => $"Requires: {requirement}"));
        (Lines, Problems) = ([.. lines.Distinct()], problems);
        return this;
    }

    string? Translated(string field, List<Relation> group)
    {
        // Replaces alone lets files change hands between packages (Debian Policy 7.6); only together with a conflict it means what
        // Obsoletes means.
        if (field == "Replaces" && !Conflicting.Contains(group[0].Name))
        {
            return null;
        }
        var kept = field is "Provides" or "Replaces" ? group : [.. group.Where(relation => own.Contains(relation.Name))];
        return kept.Count switch
        {
            0 => null,
            1 => kept[0].ToString(),
            _ => $"({string.Join(" or ", kept)})",
        };
    }

    string? ProblemOf(string field, List<Relation> group)
    {
        var names = string.Join(" | ", group.Select(relation => relation.Name));
        return field switch
        {
            "Depends" or "Pre-Depends" when group.Any(IsFoundByRpm) || settings.Requires is not null => null,
            "Depends" or "Pre-Depends" =>
                $"{field}: {names} {Foreign}: name what provides it there, if anything, with 'rpm: {{ requires: [...] }}'",
            "Replaces" => $"Replaces: {names} without Conflicts or Breaks has no counterpart in rpm: leave it out with "
                + "'rpm: { ignore: [Replaces] }'",
            _ => $"{field}: {names} {Foreign}: leave it out with 'rpm: {{ ignore: [{field}] }}'",
        };
    }

    // rpm reads which libraries the programs need, by soname and symbol version.
    bool IsFoundByRpm(Relation relation) => package.Files.Any(file => file.IsElf) && Library.IsMatch(relation.Name);

    HashSet<string> Conflicting => field ??= [.. NamesIn("Conflicts"), .. NamesIn("Breaks")];

    IEnumerable<string> NamesIn(string field) => Split(package.Control[field] ?? "", ',').Select(text => Relation.Parse(text).Name);

    static string[] Split(string text, char separator) =>
        text.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [GeneratedRegex("^(lib(?!.*-(perl|java|dev|data|bin|common|ruby)$).*|zlib1g)$")]
    private static partial Regex Library { get; }

    sealed partial record Relation(string Name, string? Operator, RpmVersion Version)
    {
        /// <exception cref="PipelineException">It is no relation, or its version has no counterpart.</exception>
        public static Relation Parse(string text) =>
            Pattern.Match(text) is { Success: true } match
                ? new Relation(
                    match.Groups["name"].Value,
                    match.Groups["operator"] is { Success: true, Value: var comparison } ? OperatorOf(comparison) : null,
                    match.Groups["version"] is { Success: true, Value: var version } && DebianVersion.TryParse(version, out var parsed)
                        ? RpmVersion.Of(parsed)
                        : default
                )
                : throw new PipelineException($"'{text}' is not a relation (Debian Policy 7.1)");

        public override string ToString() => Operator is null ? Name : $"{Name} {Operator} {Version}";

        // Policy 7.1: < and > are obsolete forms of <= and >=.
        static string OperatorOf(string comparison) =>
            comparison switch
            {
                "<<" => "<",
                ">>" => ">",
                "<" => "<=",
                ">" => ">=",
                _ => comparison,
            };

        [GeneratedRegex(
            @"^(?<name>[a-z0-9][a-z0-9+.-]+)(:[a-z0-9-]+)?\s*(\(\s*(?<operator><<|<=|=|>=|>>|<|>)\s*(?<version>[^\s)]+)\s*\))?$"
        )]
        private static partial Regex Pattern { get; }
    }
}
