using System.Formats.Tar;
using Debyard.Debian;

namespace Debyard.Pipeline.Artifacts;

/// <summary>A program or library in a package that no machine of the package's architecture can run.</summary>
sealed record ForeignBinary(string Path, int Machine, int Expected)
{
    /// <summary>The first one of a package, or null. Architectures whose machine is not known here have none.</summary>
    /// <exception cref="DebianFormatException">The package's data cannot be read.</exception>
    public static async Task<ForeignBinary?> FindAsync(Stream deb, Architecture architecture, CancellationToken cancellation)
    {
        if (Elf.MachineOf(architecture) is not { } expected)
        {
            return null;
        }
        try
        {
            await using var data = await DebFile.OpenDataAsync(deb, cancellation);
            await using var tar = new TarReader(new BufferedStream(data));
            var start = new byte[Elf.HeaderSize];
            while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
            {
                if (entry.DataStream is { } content
                    && Elf.TryRead(start.AsSpan(0, await content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellation)), out var elf)
                    && elf.Machine != expected)
                {
                    return new ForeignBinary(entry.Name.TrimStart('.'), elf.Machine, expected);
                }
            }
            return null;
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new DebianFormatException("The package's data cannot be read: it is damaged.", fault);
        }
    }
}
