using System.Formats.Tar;
using Debyard.Debian;
using Debyard.Debian.Binaries;
using Debyard.Debian.Control;
using Debyard.Debian.Names;
using Debyard.Debian.Packages;

namespace Debyard.Pipeline.Checks;

/// <summary>An ELF file in a package.</summary>
public sealed record Binary(string Path, Elf Header, ElfLinks Links);

/// <summary>What the checks need to know of a package.</summary>
public sealed record PackageContent(DebFileName Name, Stanza Control, IReadOnlyList<string> Files, IReadOnlyList<Binary> Binaries)
{
    // Separate debug files have the ELF headers of their binary, but not the sections that these refer to.
    const string DebugFolder = "/usr/lib/debug/";

    /// <exception cref="PipelineException">The package, or a binary in it, is damaged.</exception>
    public static async Task<PackageContent> ReadAsync(string path, CancellationToken cancellation)
    {
        var files = new List<string>();
        var binaries = new List<Binary>();
        try
        {
            await using var deb = File.OpenRead(path);
            var control = await DebFile.ReadControlAsync(deb, cancellation);
            deb.Position = 0;
            await using var data = await DebFile.OpenDataAsync(deb, cancellation);
            await using var tar = new TarReader(new BufferedStream(data, 64 * 1024));
            while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
            {
                if (entry.EntryType == TarEntryType.Directory)
                {
                    continue;
                }
                var file = "/" + entry.Name.TrimStart('.').TrimStart('/');
                files.Add(file);
                if (
                    entry.DataStream is { } content
                    && await ReadBinaryAsync(Path.GetFileName(path), file, content, entry.Length, cancellation) is { } binary
                )
                {
                    binaries.Add(binary);
                }
            }
            return new PackageContent(DebFileName.For(control), control, files, binaries);
        }
        catch (Exception exception)
            when (exception is DebianFormatException or InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new PipelineException($"{Path.GetFileName(path)} cannot be read: {exception.Message}", exception);
        }
    }

    public Provider AsProvider() => Provider.Of(Control, Files);

    static async Task<Binary?> ReadBinaryAsync(string deb, string path, Stream content, long length, CancellationToken cancellation)
    {
        var start = new byte[Elf.HeaderSize];
        if (
            await content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellation) < start.Length
            || !Elf.TryRead(start, out var header)
        )
        {
            return null;
        }
        if (path.StartsWith(DebugFolder, StringComparison.Ordinal))
        {
            return new Binary(path, header, new ElfLinks(null, null, []));
        }
        var file = new byte[length];
        start.CopyTo(file, 0);
        await content.ReadExactlyAsync(file.AsMemory(start.Length), cancellation);
        try
        {
            return new Binary(path, header, ElfLinks.Read(file));
        }
        catch (DebianFormatException exception)
        {
            throw new PipelineException($"{deb}: {path}: {exception.Message}", exception);
        }
    }
}
