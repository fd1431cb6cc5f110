using Debyard.Debian.Streams;

namespace Debyard.Debian.Packages;

/// <summary>Reads an ar archive from front to back; the stream need not seek, and where it can, members are skipped without reading them.</summary>
sealed class ArReader(Stream archive)
{
    readonly Stream archive = archive;
    ArMember current;
    long unread;

    /// <summary>The current member's content; ends early, with a <see cref="DebianFormatException"/>, where the archive does.</summary>
    public Stream Content => new MemberStream(this);

    public async Task ReadMagicAsync(CancellationToken cancellation)
    {
        var magic = new byte[ArMember.Magic.Length];
        var length = await archive.ReadAtLeastAsync(magic, magic.Length, throwOnEndOfStream: false, cancellation);
        if (length < magic.Length || !magic.AsSpan().SequenceEqual("!<arch>\n"u8))
            throw new DebianFormatException("The file is not a Debian package: it does not start as an ar archive.");
    }

    /// <summary>Leaves the current member; null at the archive's end.</summary>
    public async Task<ArMember?> NextAsync(CancellationToken cancellation)
    {
        await SkipAsync(cancellation);
        var header = new byte[ArMember.HeaderSize];
        var length = await archive.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellation);
        if (length == 0)
            return null;
        if (length < header.Length)
            throw new DebianFormatException($"The package is cut short after its member {current.Name}.");
        current = ArMember.Parse(header);
        unread = current.PaddedSize;
        return current;
    }

    async Task SkipAsync(CancellationToken cancellation)
    {
        if (archive.CanSeek)
        {
            if (archive.Length - archive.Position < unread)
                throw CutShort();
            archive.Seek(unread, SeekOrigin.Current);
            unread = 0;
        }
        var buffer = new byte[unread == 0 ? 0 : 80 * 1024];
        while (unread > 0)
            await ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, unread)), cancellation);
    }

    async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) =>
        Took(await archive.ReadAsync(buffer, cancellation));

    int Took(int count)
    {
        unread -= count;
        return count > 0 ? count : throw CutShort();
    }

    DebianFormatException CutShort() =>
        new($"The package is cut short: its member {current.Name} has less than the {current.Size} bytes it declares.");

    sealed class MemberStream(ArReader reader) : ReadingStream
    {
        int Want(int wished) => (int)Math.Min(wished, reader.unread - (reader.current.Size & 1));

        public override int Read(Span<byte> buffer) =>
            Want(buffer.Length) is var count && count > 0 ? reader.Took(reader.archive.Read(buffer[..count])) : 0;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Want(buffer.Length) is var count && count > 0 ? await reader.ReadAsync(buffer[..count], cancellationToken) : 0;
    }
}
