using System.Runtime.InteropServices;

namespace Debyard.Debian.Compression;

/// <summary>A liblzma encoder or decoder. Its state lives outside the managed heap, because liblzma keeps pointers to it.</summary>
sealed unsafe partial class Lzma : SafeHandle
{
    const uint Concatenated = 0x08;
    const int CheckCrc64 = 4;

    static Lzma() => NativeLibraries.Prepare();

    public Lzma()
        : base(nint.Zero, ownsHandle: true) { }

    public enum Action
    {
        Run = 0,
        Finish = 3,
    }

    public enum Result
    {
        Ok = 0,
        StreamEnd = 1,
        MemoryError = 5,
        MemoryLimit = 6,
        FormatError = 7,
        OptionsError = 8,
        DataError = 9,
        BufferError = 10,
    }

    public override bool IsInvalid => handle == nint.Zero;

    public static Lzma Decoder(ulong memoryLimit) => Start(state => lzma_stream_decoder((State*)state, memoryLimit, Concatenated));

    /// <summary>Decodes .lzma, the format before .xz.</summary>
    public static Lzma LegacyDecoder(ulong memoryLimit) => Start(state => lzma_alone_decoder((State*)state, memoryLimit));

    public static Lzma Encoder(uint preset) => Start(state => lzma_easy_encoder((State*)state, preset, CheckCrc64));

    /// <param name="preset">0 to 9.</param>
    /// <param name="dictionary">In bytes. A dictionary larger than the content only takes longer to set up.</param>
    public static Lzma Encoder(uint preset, uint dictionary) =>
        Start(state =>
        {
            // lzma/lzma12.h, lzma_options_lzma: 112 bytes, the first four are the dictionary size.
            var options = stackalloc uint[28];
            if (lzma_lzma_preset(options, preset) != 0)
                return Result.OptionsError;
            options[0] = dictionary;
            var filters = stackalloc Filter[2]
            {
                new() { Id = Filter.Lzma2, Options = options },
                new() { Id = Filter.End },
            };
            return lzma_stream_encoder((State*)state, filters, CheckCrc64);
        });

    /// <summary>Compresses blocks in parallel. The preset decides how the input is cut, not the number of threads.</summary>
    public static Lzma BlockEncoder(uint threads, uint preset) =>
        Start(state =>
        {
            var options = new ThreadOptions
            {
                Threads = threads,
                Preset = preset,
                Check = CheckCrc64,
            };
            return lzma_stream_encoder_mt((State*)state, &options);
        });

    static Lzma Start(Func<nint, Result> initialise)
    {
        var lzma = new Lzma();
        var state = (nint)NativeMemory.AllocZeroed((nuint)sizeof(State));
        try
        {
            var result = initialise(state);
            if (result == Result.MemoryError)
                throw new InsufficientMemoryException();
            if (result != Result.Ok)
                throw new ArgumentException($"liblzma rejects these settings: {result}.");
            lzma.SetHandle(state);
            return lzma;
        }
        finally
        {
            // Freed here and not by the handle: if the library is missing, ReleaseHandle's call of lzma_end would fail in the finalizer.
            if (lzma.IsInvalid)
                NativeMemory.Free((void*)state);
        }
    }

    /// <summary>Consumes bytes from the start of the input and writes bytes to the start of the output.</summary>
    public Result Code(ReadOnlySpan<byte> input, Span<byte> output, Action action, out int consumed, out int produced)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        var state = (State*)handle;
        fixed (
            byte* nextIn = input,
                nextOut = output
        )
        {
            state->NextIn = nextIn;
            state->AvailableIn = (nuint)input.Length;
            state->NextOut = nextOut;
            state->AvailableOut = (nuint)output.Length;
            var result = lzma_code(state, action);
            consumed = input.Length - (int)state->AvailableIn;
            produced = output.Length - (int)state->AvailableOut;
            GC.KeepAlive(this);
            return result;
        }
    }

    protected override bool ReleaseHandle()
    {
        lzma_end((State*)handle);
        NativeMemory.Free((void*)handle);
        return true;
    }

    // lzma/base.h, lzma_stream: the layout, including the reserved members, is part of liblzma's ABI.
    [StructLayout(LayoutKind.Sequential)]
    struct State
    {
        public byte* NextIn;
        public nuint AvailableIn;
        public ulong TotalIn;
        public byte* NextOut;
        public nuint AvailableOut;
        public ulong TotalOut;
        public nint Allocator;
        public nint Internal;
        public nint ReservedPointer1,
            ReservedPointer2,
            ReservedPointer3,
            ReservedPointer4;
        public ulong SeekPosition,
            ReservedInteger2;
        public nuint ReservedInteger3,
            ReservedInteger4;
        public int ReservedEnum1,
            ReservedEnum2;
    }

    // lzma/filter.h, lzma_filter.
    struct Filter
    {
        public const ulong Lzma2 = 0x21,
            End = ulong.MaxValue;

        public ulong Id;
        public void* Options;
    }

    // lzma/container.h, lzma_mt. A block size of 0 lets liblzma choose it by the preset.
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    struct ThreadOptions
    {
        public uint Flags;
        public uint Threads;
        public ulong BlockSize;
        public uint Timeout;
        public uint Preset;
        public Filter* Filters;
        public int Check;
    }

    [LibraryImport(NativeLibraries.Lzma)]
    private static partial Result lzma_stream_encoder_mt(State* state, ThreadOptions* options);

    [LibraryImport(NativeLibraries.Lzma)]
    private static partial Result lzma_stream_decoder(State* state, ulong memoryLimit, uint flags);

    [LibraryImport(NativeLibraries.Lzma)]
    private static partial Result lzma_alone_decoder(State* state, ulong memoryLimit);

    [LibraryImport(NativeLibraries.Lzma)]
    private static partial Result lzma_easy_encoder(State* state, uint preset, int check);

    [LibraryImport(NativeLibraries.Lzma)]
    private static partial Result lzma_stream_encoder(State* state, Filter* filters, int check);

    [LibraryImport(NativeLibraries.Lzma)]
    private static partial byte lzma_lzma_preset(uint* options, uint preset);

    [LibraryImport(NativeLibraries.Lzma)]
    private static partial Result lzma_code(State* state, Action action);

    [LibraryImport(NativeLibraries.Lzma)]
    private static partial void lzma_end(State* state);
}
