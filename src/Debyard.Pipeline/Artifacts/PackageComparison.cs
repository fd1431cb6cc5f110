using System.Formats.Tar;
using System.Security.Cryptography;
using Debyard.Debian.Packages;

namespace Debyard.Pipeline.Artifacts;

/// <summary>What makes two packages that should be the same differ.</summary>
public static class PackageComparison
{
    const int Most = 5;

    /// <summary>The first differences, in words: fields, files that are only in one, and of files in both what is another.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(string first, string second, CancellationToken cancellation)
    {
        var (before, after) = (await ReadAsync(first, cancellation), await ReadAsync(second, cancellation));
        var found = before
            .Keys.Union(after.Keys)
            .Order(StringComparer.Ordinal)
            .SelectMany(name =>
                (before.GetValueOrDefault(name), after.GetValueOrDefault(name)) switch
                {
                    (null, _) => [$"{name} is only in the second"],
                    (_, null) => [$"{name} is only in the first"],
                    var (one, other) => one!
                        .Zip(other!)
                        .Where(each => each.First.Value != each.Second.Value)
                        .Select(each => $"{name}: {each.First.What} {each.First.Value} and {each.Second.Value}"),
                }
            )
            .ToList();
        return found.Count == 0 ? ["the files in them are the same: only how they are packed differs, their order or their compression"]
            : found.Count > Most ? [.. found.Take(Most), $"and {found.Count - Most} more"]
            : found;
    }

    static async Task<Dictionary<string, List<(string What, string Value)>>> ReadAsync(string path, CancellationToken cancellation)
    {
        await using var deb = File.OpenRead(path);
        var content = (await DebFile.ReadControlAsync(deb, cancellation)).ToDictionary(
            field => $"control field {field.Name}",
            field => new List<(string, string)> { ("is", field.Value) }
        );
        deb.Position = 0;
        await using var data = await DebFile.OpenDataAsync(deb, cancellation);
        await using var tar = new TarReader(new BufferedStream(data, 64 * 1024));
        while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            content["/" + entry.Name.TrimStart('.').Trim('/')] =
            [
                ("is a", entry.EntryType.ToString()),
                (
                    "has the content",
                    entry.DataStream is { } stream ? Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation))[..12] : ""
                ),
                ("has the mode", Convert.ToString((int)entry.Mode, 8)),
                ("is owned by", $"{entry.Uid}:{entry.Gid}"),
                ("is of", $"{entry.ModificationTime:u}"),
                ("links to", entry.LinkName),
            ];
        }
        return content;
    }
}
