using System.Formats.Tar;
using Debyard.Debian;
using Debyard.Debian.Binaries;
using Debyard.Debian.Control;
using Debyard.Debian.Names;
using Debyard.Debian.Packages;

namespace Debyard.Pipeline.Rpm;

/// <summary>A file, folder or link of a package.</summary>
/// <param name="Path">The path after installation.</param>
/// <param name="IsElf">Whether it is a program or library, whose dependencies rpm finds itself.</param>
public sealed record InstalledFile(string Path, TarEntryType Type, int Mode, string User, string Group, bool IsElf = false);

/// <summary>What an rpm is made from: all that a .deb says, except the content of its files.</summary>
/// <param name="ControlFiles">The files beside <c>control</c>: maintainer scripts, conffiles, triggers.</param>
/// <param name="Modified">The latest modification time of its files.</param>
public sealed record DebContent(
    Stanza Control,
    IReadOnlyDictionary<string, string> ControlFiles,
    IReadOnlyList<InstalledFile> Files,
    DateTimeOffset Modified
)
{
    const int ElfStart = 20;

    public DebFileName Name => DebFileName.For(Control);

    /// <exception cref="PipelineException">The package is damaged.</exception>
    public static async Task<DebContent> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            await using var deb = File.OpenRead(path);
            var control = await DebFile.ReadControlAsync(deb, cancellation);
            deb.Position = 0;
            var controlFiles = await DebFile.ReadControlFilesAsync(deb, cancellation);
            deb.Position = 0;
            await using var data = await DebFile.OpenDataAsync(deb, cancellation);
            await using var tar = new TarReader(new BufferedStream(data, 64 * 1024));
            var (files, modified) = (new List<InstalledFile>(), DateTimeOffset.UnixEpoch);
            while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
            {
                modified = entry.ModificationTime > modified ? entry.ModificationTime : modified;
                files.Add(
                    new InstalledFile(
                        "/" + entry.Name.TrimStart('.').Trim('/'),
                        entry.EntryType,
                        (int)entry.Mode,
                        Owner(entry.Uid, (entry as PosixTarEntry)?.UserName),
                        Owner(entry.Gid, (entry as PosixTarEntry)?.GroupName),
                        await IsElfAsync(entry, cancellation)
                    )
                );
            }
            return new DebContent(control, controlFiles, files, modified);
        }
        catch (Exception exception)
            when (exception is DebianFormatException or InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new PipelineException($"{Path.GetFileName(path)} cannot be read: {exception.Message}", exception);
        }
    }

    // dpkg, too, takes the name before the number.
    static string Owner(int id, string? name) =>
        name is { Length: > 0 } ? name
        : id == 0 ? "root"
        : $"{id}";

    static async Task<bool> IsElfAsync(TarEntry entry, CancellationToken cancellation)
    {
        var start = new byte[ElfStart];
        return entry.DataStream is { } content
            && await content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellation) == start.Length
            && Elf.TryRead(start, out _);
    }
}
