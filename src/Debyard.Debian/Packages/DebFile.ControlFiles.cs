using System.Formats.Tar;
using System.Text;

namespace Debyard.Debian.Packages;

public static partial class DebFile
{
    /// <summary>
    /// Returns the files beside <c>control</c> in the package's control archive, by name: maintainer scripts, <c>conffiles</c>,
    /// <c>triggers</c> and others. Bytes that are not UTF-8 become replacement characters. The stream stays open.
    /// </summary>
    /// <exception cref="DebianFormatException">The stream is not a package, or damaged.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> ReadControlFilesAsync(
        Stream deb,
        CancellationToken cancellation = default
    )
    {
        var archive = new ArReader(deb);
        await ReadFormatVersionAsync(archive, cancellation);
        return await ReadControlMemberAsync(archive, (tar, _) => ReadFilesAsync(tar, cancellation), cancellation);
    }

    static async Task<IReadOnlyDictionary<string, string>> ReadFilesAsync(MemoryStream control, CancellationToken cancellation)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var tar = new TarReader(control);
        while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            var name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || name == "control")
                continue;
            var bytes = new byte[entry.Length];
            if (entry.DataStream is { } content)
                await content.ReadExactlyAsync(bytes, cancellation);
            files[name] = Encoding.UTF8.GetString(bytes);
        }
        return files;
    }
}
