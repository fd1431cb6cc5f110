using System.Buffers;
using System.Globalization;
using Debyard.Debian.Control;
using Debyard.Debian.Digests;
using Debyard.Debian.Names;

namespace Debyard.Debian.Uploads;

/// <summary>A file that a .changes file lists.</summary>
public sealed record ChangesEntry(string Name, FileDigests Digests);

/// <summary>The files of an upload, as a .changes file lists them (Debian Policy 5.5, deb-changes(5)).</summary>
public sealed class ChangesFile
{
    static readonly string[] required = ["Format", "Date", "Source", "Architecture", "Version", "Distribution"];
    static readonly SearchValues<char> nameCharacters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-_~:%"
    );

    ChangesFile(IReadOnlyList<ChangesEntry> files) => Files = files;

    /// <summary>In the order of the field <c>Files</c>; each name once.</summary>
    public IReadOnlyList<ChangesEntry> Files { get; }

    /// <exception cref="DebianFormatException">A required field is missing, or its lists of files are invalid or differ.</exception>
    public static ChangesFile Parse(Stanza stanza)
    {
        foreach (var name in required)
            stanza.Required(name);
        if (!stanza.Required("Format").StartsWith("1.", StringComparison.Ordinal))
            throw new DebianFormatException($"The Format {stanza["Format"]} is not supported; only 1.x, such as 1.8, is.");
        var files = ParseList(stanza, "Files", ["MD5", "size", "section", "priority", "name"], 32);
        var sha1s = ParseList(stanza, "Checksums-Sha1", ["SHA-1", "size", "name"], 40);
        var sha256s = ParseList(stanza, "Checksums-Sha256", ["SHA-256", "size", "name"], 64);
        RequireSameFiles(files, sha1s, "Checksums-Sha1");
        RequireSameFiles(files, sha256s, "Checksums-Sha256");
        return new ChangesFile([
            .. files.Select(file => new ChangesEntry(
                file.Key,
                new FileDigests(file.Value.Size, file.Value.Digest, sha1s[file.Key].Digest, Sha256.Parse(sha256s[file.Key].Digest))
            )),
        ]);
    }

    static OrderedDictionary<string, (string Digest, long Size)> ParseList(Stanza stanza, string field, string[] columns, int digits)
    {
        var files = new OrderedDictionary<string, (string, long)>(StringComparer.Ordinal);
        foreach (var line in stanza.Required(field).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (
                words.Length != columns.Length
                || words[0].Length != digits
                || !words[0].All(char.IsAsciiHexDigit)
                || !long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            )
                throw new DebianFormatException($"{field} has the line '{line.Trim()}', which is not '{string.Join(' ', columns)}'.");
            if (!IsName(words[^1]))
                throw new DebianFormatException(
                    $"{field} lists '{words[^1]}', which is not a file name: "
                        + "only letters, digits and . + - _ ~ : % are allowed, a letter or digit first."
                );
            if (!files.TryAdd(words[^1], (words[0].ToLowerInvariant(), size)))
                throw new DebianFormatException($"{field} lists {words[^1]} twice.");
        }
        return files;
    }

    static void RequireSameFiles(
        OrderedDictionary<string, (string Digest, long Size)> files,
        OrderedDictionary<string, (string Digest, long Size)> others,
        string field
    )
    {
        if (
            files.Keys.Except(others.Keys).Concat(others.Keys.Except(files.Keys)).FirstOrDefault() is { } name
            || (name = files.FirstOrDefault(file => file.Value.Size != others[file.Key].Size).Key) is not null
        )
            throw new DebianFormatException($"Files and {field} contradict each other about {name}.");
    }

    static bool IsName(string text) => char.IsAsciiLetterOrDigit(text[0]) && !text.AsSpan().ContainsAnyExcept(nameCharacters);
}
