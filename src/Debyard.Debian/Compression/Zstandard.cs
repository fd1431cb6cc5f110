using System.Runtime.InteropServices;

namespace Debyard.Debian.Compression;

/// <summary>The .zst format, by libzstd: Ubuntu's packages use it. Reading only.</summary>
public static class Zstandard
{
    /// <summary>A stream to read the decompressed bytes from. The compressed one stays open.</summary>
    /// <exception cref="DebianFormatException">When read: the data is damaged, cut short, not .zst, or needs more than 128 MiB.</exception>
    /// <exception cref="DllNotFoundException">libzstd is not installed.</exception>
    public static Stream Decompress(Stream compressed) => new DecompressionStream(compressed, new Decoder(new Zstd()));

    sealed class Decoder(Zstd zstd) : DecompressionStream.IDecoder
    {
        // Nothing at all is no .zst data, but between frames the data may end.
        bool isBetweenFrames;

        public DecompressionStream.Step Decode(ReadOnlySpan<byte> input, Span<byte> output, bool isLastInput)
        {
            if (isLastInput && isBetweenFrames)
                return new(0, 0, IsEnd: true);
            var wanted = zstd.Decode(input, output, out var consumed, out var produced);
            isBetweenFrames = wanted == 0;
            return isLastInput && produced == 0 && !isBetweenFrames
                ? throw new DebianFormatException("The .zst data is cut short.")
                : new(consumed, produced, IsEnd: false);
        }

        public void Dispose() => zstd.Dispose();
    }
}

/// <summary>One run of libzstd's decoder. Windows above its default limit of 128 MiB are refused.</summary>
sealed unsafe partial class Zstd : SafeHandle
{
    static Zstd() => NativeLibraries.Prepare();

    public Zstd()
        : base(nint.Zero, ownsHandle: true)
    {
        SetHandle(ZSTD_createDStream());
        if (IsInvalid)
            throw new InsufficientMemoryException();
    }

    public override bool IsInvalid => handle == nint.Zero;

    /// <summary>Answers 0 at a frame's end, else how many more bytes would be welcome.</summary>
    public nuint Decode(ReadOnlySpan<byte> input, Span<byte> output, out int consumed, out int produced)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        fixed (
            byte* inputStart = input,
                outputStart = output
        )
        {
            var source = new Buffer { Start = inputStart, Size = (nuint)input.Length };
            var target = new Buffer { Start = outputStart, Size = (nuint)output.Length };
            var result = ZSTD_decompressStream(handle, &target, &source);
            consumed = (int)source.Position;
            produced = (int)target.Position;
            GC.KeepAlive(this);
            if (ZSTD_isError(result) != 0)
                throw new DebianFormatException($"The .zst data is damaged: {Marshal.PtrToStringUTF8(ZSTD_getErrorName(result))}.");
            return result;
        }
    }

    protected override bool ReleaseHandle()
    {
        _ = ZSTD_freeDStream(handle);
        return true;
    }

    // zstd.h: ZSTD_inBuffer and ZSTD_outBuffer have the same layout.
    struct Buffer
    {
        public byte* Start;
        public nuint Size;
        public nuint Position;
    }

    [LibraryImport(NativeLibraries.Zstd)]
    private static partial nint ZSTD_createDStream();

    [LibraryImport(NativeLibraries.Zstd)]
    private static partial nuint ZSTD_freeDStream(nint stream);

    [LibraryImport(NativeLibraries.Zstd)]
    private static partial nuint ZSTD_decompressStream(nint stream, Buffer* output, Buffer* input);

    [LibraryImport(NativeLibraries.Zstd)]
    private static partial uint ZSTD_isError(nuint code);

    [LibraryImport(NativeLibraries.Zstd)]
    private static partial nint ZSTD_getErrorName(nuint code);
}
