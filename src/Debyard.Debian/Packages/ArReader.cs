using Debyard.Debian.Streams;

namespace Debyard.Debian.Packages;

/// <summary>Reads an ar archive sequentially. If the stream can seek, members are skipped without reading them.</summary>
sealed class ArReader(Stream archive)
{
    readonly Stream archive = archive;
    ArMember current;
    long unread;

    /// <summary>
    /// The content of the current member. Reading throws a <see cref="DebianFormatException"/> if the archive is truncated.
    /// </summary>
    public Stream Content => new MemberStream(this);

    public async Task ReadMagicAsync(CancellationToken cancellation)
    {
        var magic = new byte[ArMember.Magic.Length];
        var length = await archive.ReadAtLeastAsync(magic, magic.Length, throwOnEndOfStream: false, cancellation);
        if (length < magic.Length || !magic.AsSpan().SequenceEqual("!<arch>\n"u8))
            throw new DebianFormatException("The file is not a Debian package: it does not start as an ar archive.");
    }

    /// <summary>Advances to the next member; returns null at the end of the archive.</summary>
    public async Task<ArMember?> NextAsync(CancellationToken cancellation)
    {
        await SkipAsync(cancellation);
        var header = new byte[ArMember.HeaderSize];
        var length = await archive.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellation);
        if (length == 0)
            return null;
        if (length < header.Length)
            throw new DebianFormatException($"The package is truncated after its member {current.Name}.");
        current = ArMember.Parse(header);
        unread = current.PaddedSize;
        return current;
    }

    async Task SkipAsync(CancellationToken cancellation)
    {
        if (archive.CanSeek)
        {
            if (archive.Length - archive.Position < unread)
                throw Truncated();
            archive.Seek(unread, SeekOrigin.Current);
            unread = 0;
        }
        var buffer = new byte[unread == 0 ? 0 : 80 * 1024];
        while (unread > 0)
            await ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, unread)), cancellation);
    }

    async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) =>
        Consumed(await archive.ReadAsync(buffer, cancellation));

    int Consumed(int count)
    {
        unread -= count;
        return count > 0 ? count : throw Truncated();
    }

    DebianFormatException Truncated() =>
        new($"The package is truncated: its member {current.Name} has fewer than the {current.Size} bytes that its header states.");

    sealed class MemberStream(ArReader reader) : ReadingStream
    {
        int Available(int requested) => (int)Math.Min(requested, reader.unread - (reader.current.Size & 1));

        public override int Read(Span<byte> buffer) =>
            Available(buffer.Length) is var count && count > 0 ? reader.Consumed(reader.archive.Read(buffer[..count])) : 0;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Available(buffer.Length) is var count && count > 0 ? await reader.ReadAsync(buffer[..count], cancellationToken) : 0;
    }
}
