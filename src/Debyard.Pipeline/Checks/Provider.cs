using Debyard.Debian.Control;

namespace Debyard.Pipeline.Checks;

/// <summary>A package as a source of libraries.</summary>
/// <param name="Libraries">The names of its shared libraries: <c>libz.so.1</c>.</param>
/// <param name="DependsOn">All packages in Depends and Pre-Depends, including alternatives.</param>
/// <param name="Provides">The virtual packages that it provides.</param>
public sealed record Provider(string Name, IReadOnlySet<string> Libraries, IReadOnlyList<string> DependsOn, IReadOnlyList<string> Provides)
{
    public static Provider Of(Stanza control, IEnumerable<string> files) =>
        new(
            control.Required("Package"),
            LibrariesOf(files),
            [.. Names(control["Pre-Depends"]), .. Names(control["Depends"])],
            [.. Names(control["Provides"])]
        );

    public static IReadOnlySet<string> LibrariesOf(IEnumerable<string> files) =>
        files
            .Select(file => Path.GetFileName(file))
            .Where(name => name.Contains(".so", StringComparison.Ordinal))
            .ToHashSet(StringComparer.Ordinal);

    // Debian Policy 7.1: "a (>= 1) | b:any [amd64], c" names a, b and c.
    static IEnumerable<string> Names(string? relations) =>
        (relations ?? "")
            .Split([',', '|'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(relation => relation.Split([' ', '(', ':', '[', '<', '\n'])[0]);
}
