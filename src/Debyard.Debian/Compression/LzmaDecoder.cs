namespace Debyard.Debian.Compression;

/// <summary>Decodes with liblzma and names the format in its errors.</summary>
sealed class LzmaDecoder(Lzma lzma, string format) : DecompressionStream.IDecoder
{
    /// <summary>
    /// 256 MiB: <c>xz -9</c> needs 65 MiB to decompress, so a header that asks for much more does not come from a package.
    /// </summary>
    public const ulong MemoryLimit = 256 * 1024 * 1024;

    public DecompressionStream.Step Decode(ReadOnlySpan<byte> input, Span<byte> output, bool isLastInput)
    {
        var result = lzma.Code(input, output, isLastInput ? Lzma.Action.Finish : Lzma.Action.Run, out var consumed, out var produced);
        return result switch
        {
            Lzma.Result.Ok => new(consumed, produced, IsEnd: false),
            Lzma.Result.StreamEnd => new(consumed, produced, IsEnd: true),
            Lzma.Result.BufferError when isLastInput => throw new DebianFormatException($"The {format} data is truncated."),
            Lzma.Result.BufferError => new(consumed, produced, IsEnd: false),
            Lzma.Result.FormatError => throw new DebianFormatException($"The data is not in {format} format."),
            Lzma.Result.MemoryLimit => throw new DebianFormatException(
                $"The {format} data needs more than 256 MiB of memory to decompress."
            ),
            Lzma.Result.MemoryError => throw new InsufficientMemoryException(),
            _ => throw new DebianFormatException($"The {format} data is damaged."),
        };
    }

    public void Dispose() => lzma.Dispose();
}
