using System.Formats.Tar;
using System.Security.Cryptography;
using Debyard.Debian.Packages;

namespace Debyard.Pipeline.Artifacts;

/// <summary>Finds the differences of two packages that should be the same.</summary>
public static class PackageComparison
{
    const int Shown = 5;

    /// <summary>The first differences: control fields, files that only one package has, and properties of files that both have.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(string first, string second, CancellationToken cancellation)
    {
        var (before, after) = (await ReadAsync(first, cancellation), await ReadAsync(second, cancellation));
        var found = before
            .Keys.Union(after.Keys)
            .Order(StringComparer.Ordinal)
            .SelectMany(name =>
                (before.GetValueOrDefault(name), after.GetValueOrDefault(name)) switch
                {
                    (null, _) => [$"{name} is only in the second package"],
                    (_, null) => [$"{name} is only in the first package"],
                    var (inFirst, inSecond) => inFirst!
                        .Zip(inSecond!)
                        .Where(pair => pair.First.Value != pair.Second.Value)
                        .Select(pair => $"{name}: {pair.First.Property} {pair.First.Value}, then {pair.Second.Value}"),
                }
            )
            .ToList();
        return found.Count == 0 ? ["their files are the same; only their order or compression differs"]
            : found.Count > Shown ? [.. found.Take(Shown), $"and {found.Count - Shown} more"]
            : found;
    }

    static async Task<Dictionary<string, List<(string Property, string Value)>>> ReadAsync(string path, CancellationToken cancellation)
    {
        await using var deb = File.OpenRead(path);
        var content = (await DebFile.ReadControlAsync(deb, cancellation)).ToDictionary(
            field => $"control field {field.Name}",
            field => new List<(string, string)> { ("value", field.Value) }
        );
        deb.Position = 0;
        await using var data = await DebFile.OpenDataAsync(deb, cancellation);
        await using var tar = new TarReader(new BufferedStream(data, 64 * 1024));
        while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            content["/" + entry.Name.TrimStart('.').Trim('/')] =
            [
                ("type", entry.EntryType.ToString()),
                (
                    "content",
                    entry.DataStream is { } stream ? Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation))[..12] : ""
                ),
                ("mode", Convert.ToString((int)entry.Mode, 8)),
                ("owner", $"{entry.Uid}:{entry.Gid}"),
                ("time", $"{entry.ModificationTime:u}"),
                ("link to", entry.LinkName),
            ];
        }
        return content;
    }
}
