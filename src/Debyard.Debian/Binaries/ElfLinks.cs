using System.Buffers.Binary;
using System.Text;

namespace Debyard.Debian.Binaries;

/// <summary>The dynamic linking information of an ELF file, read from its program headers (elf(5)).</summary>
/// <param name="Interpreter">The path of the dynamic loader; null for libraries and static programs.</param>
/// <param name="SoName">The name under which a library is loaded; null if the file has none.</param>
/// <param name="Needed">The libraries to load, in the file's order, such as <c>libc.so.6</c>.</param>
public sealed record ElfLinks(string? Interpreter, string? SoName, IReadOnlyList<string> Needed)
{
    /// <summary>The symbol versions that the file needs of a library, such as <c>GLIBC_2.34</c> of <c>libc.so.6</c>.</summary>
    public IReadOnlyList<(string Library, string Version)> NeededVersions { get; init; } = [];

    /// <summary>Identifies the build of the file in hexadecimal digits (ld's option --build-id); null if it has none.</summary>
    public string? BuildId { get; init; }

    /// <param name="file">The whole file.</param>
    /// <exception cref="DebianFormatException">It is not an ELF file, or its headers point beyond its end.</exception>
    public static ElfLinks Read(byte[] file)
    {
        if (!Elf.TryRead(file, out var elf))
            throw new DebianFormatException("The file is not an ELF file.");
        try
        {
            return new Reader(file, elf).Read();
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or OverflowException)
        {
            throw new DebianFormatException("The ELF file is damaged or truncated: its headers point beyond its end.", exception);
        }
    }

    readonly record struct Segment(ulong Type, ulong Offset, ulong Address, ulong Size);

    sealed class Reader(byte[] file, Elf elf)
    {
        const int PtLoad = 1,
            PtDynamic = 2,
            PtInterp = 3,
            PtNote = 4;
        const int DtNull = 0,
            DtNeeded = 1,
            DtStrTab = 5,
            DtSoName = 14,
            DtVerNeed = 0x6ffffffe,
            DtVerNeedNum = 0x6fffffff;
        const int NoteBuildId = 3;

        readonly bool is64 = elf.Bits == 64;

        public ElfLinks Read()
        {
            var segments = Segments();
            var entries = segments.Where(segment => segment.Type == PtDynamic).SelectMany(Entries).ToList();
            if (entries.Any(entry => entry.Tag is DtNeeded or DtSoName))
            {
                // DT_STRTAB is an address in memory; the segment loaded there gives the offset in the file.
                var table = InFile(segments, ValueOf(entries, DtStrTab));
                List<string> Names(int tag) =>
                    entries.Where(entry => entry.Tag == (ulong)tag).Select(entry => Text(checked(table + entry.Value))).ToList();
                return new ElfLinks(Interpreter(segments), Names(DtSoName).FirstOrDefault(), Names(DtNeeded))
                {
                    NeededVersions = ValueOf(entries, DtVerNeed) is > 0 and var needs
                        ? [.. NeededVersions(InFile(segments, needs), ValueOf(entries, DtVerNeedNum), table)]
                        : [],
                    BuildId = BuildId(segments),
                };
            }
            return new ElfLinks(Interpreter(segments), null, []) { BuildId = BuildId(segments) };
        }

        static ulong ValueOf(List<(ulong Tag, ulong Value)> entries, ulong tag) => entries.Find(entry => entry.Tag == tag).Value;

        static ulong InFile(List<Segment> segments, ulong address)
        {
            var loaded = segments.Find(segment =>
                segment.Type == PtLoad && address >= segment.Address && address - segment.Address < segment.Size
            );
            return checked(loaded.Offset + (address - loaded.Address));
        }

        // Linux Standard Base, "Symbol Version Requirements": a chain of libraries (Elf64_Verneed), each with a chain of versions
        // (Elf64_Vernaux). The layout is the same for 32 bits.
        IEnumerable<(string Library, string Version)> NeededVersions(ulong at, ulong count, ulong table)
        {
            for (; count > 0; count--)
            {
                var library = Text(checked(table + Number(at + 4, 4)));
                var version = checked(at + Number(at + 8, 4));
                for (var versions = Number(at + 2, 2); versions > 0; versions--)
                {
                    yield return (library, Text(checked(table + Number(version + 8, 4))));
                    if (Number(version + 12, 4) is not (> 0 and var nextVersion))
                        break;
                    version = checked(version + nextVersion);
                }
                if (Number(at + 12, 4) is not (> 0 and var next))
                    yield break;
                at = checked(at + next);
            }
        }

        // elf(5), notes: sizes of name and description, type, then both, each padded to 4 bytes.
        string? BuildId(List<Segment> segments)
        {
            foreach (var segment in segments.Where(segment => segment is { Type: PtNote, Size: > 0 }))
            {
                for (var at = segment.Offset; at + 12 <= segment.Offset + segment.Size; )
                {
                    var (name, size) = (Number(at, 4) + 3 & ~3UL, Number(at + 4, 4));
                    if (Number(at + 8, 4) == NoteBuildId && Number(at, 4) == 4 && Text(at + 12) == "GNU")
                        return Convert.ToHexStringLower(file.AsSpan(checked((int)(at + 12 + name)), checked((int)size)));
                    at = checked(at + 12 + name + (size + 3 & ~3UL));
                }
            }
            return null;
        }

        // A separate debug file keeps the headers of segments that it does not contain, with size 0.
        string? Interpreter(List<Segment> segments) =>
            segments.Find(segment => segment is { Type: PtInterp, Size: > 0 }) is { Size: > 0 } interpreter
                ? Text(interpreter.Offset)
                : null;

        List<Segment> Segments()
        {
            var at = Word(is64 ? 32u : 28);
            var (size, count) = is64 ? (Number(54, 2), Number(56, 2)) : (Number(42, 2), Number(44, 2));
            var segments = new List<Segment>();
            for (; count > 0; count--, at += size)
            {
                segments.Add(
                    is64
                        ? new Segment(Number(at, 4), Word(at + 8), Word(at + 16), Word(at + 32))
                        : new Segment(Number(at, 4), Word(at + 4), Word(at + 8), Word(at + 16))
                );
            }
            return segments;
        }

        IEnumerable<(ulong Tag, ulong Value)> Entries(Segment dynamic)
        {
            var word = is64 ? 8u : 4;
            for (var at = dynamic.Offset; at < dynamic.Offset + dynamic.Size && Word(at) is not DtNull; at += 2 * word)
                yield return (Word(at), Word(at + word));
        }

        ulong Word(ulong at) => Number(at, is64 ? 8 : 4);

        ulong Number(ulong at, int size)
        {
            var bytes = file.AsSpan(checked((int)at), size);
            return (size, elf.IsLittleEndian) switch
            {
                (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
                (2, false) => BinaryPrimitives.ReadUInt16BigEndian(bytes),
                (4, true) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
                (4, false) => BinaryPrimitives.ReadUInt32BigEndian(bytes),
                (_, true) => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
                (_, false) => BinaryPrimitives.ReadUInt64BigEndian(bytes),
            };
        }

        string Text(ulong at)
        {
            var rest = file.AsSpan(checked((int)at));
            var end = rest.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
        }
    }
}
