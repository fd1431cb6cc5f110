using System.Buffers;
using System.IO.Enumeration;
using Debyard.Debian.Names;

namespace Debyard.Server.Access;

/// <summary>Selects packages by name: <c>*</c> stands for any characters, also none, <c>?</c> for one.</summary>
public readonly record struct PackagePattern(string Pattern)
{
    static readonly SearchValues<char> allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789+-.*?");

    /// <exception cref="FormatException">No package name can match the pattern.</exception>
    public static PackagePattern Parse(string text) =>
        text.Length > 0 && !text.AsSpan().ContainsAnyExcept(allowed)
            ? new PackagePattern(text)
            : throw new FormatException($"'{text}' cannot match a package; write a name like streamer or streamer*");

    public bool Matches(PackageName name) => FileSystemName.MatchesSimpleExpression(Pattern, name.ToString(), ignoreCase: false);

    public override string ToString() => Pattern;
}

static class PackagePatterns
{
    /// <summary>The first package that the patterns do not allow; null if they allow all. No patterns allow every package.</summary>
    public static PackageName? FindOther(this IReadOnlyList<PackagePattern> patterns, IEnumerable<PackageName> packages) =>
        patterns.Count == 0
            ? null
            : packages.Cast<PackageName?>().FirstOrDefault(package => !patterns.Any(pattern => pattern.Matches(package!.Value)));
}
