using System.Runtime.InteropServices;

namespace Debyard.Server.Memory;

/// <summary>
/// The C library's heap, which compression takes its memory from: megabytes for each part of an index, freed at once. Left to itself
/// glibc takes the first large block freed for a sign to keep such blocks from then on, in a heap for each of a dozen threads.
/// </summary>
static partial class NativeHeap
{
    // malloc.h
    const int MmapThreshold = -3;

    // Above what compression asks for often, so that it does not pay for fresh pages each time.
    const int LargeBlock = 4 * 1024 * 1024;

    /// <summary>Has large blocks, and what is free at the end of each heap, go back to the system when they are freed.</summary>
    public static void Settle() => Call(() => Set(MmapThreshold, LargeBlock));

    /// <summary>Gives the system back all that is free.</summary>
    public static void Trim() => Call(() => Trim(0));

    static void Call(Func<int> call)
    {
        try
        {
            _ = call();
        }
        catch (EntryPointNotFoundException)
        {
            // Other C libraries have neither these heaps nor these calls.
        }
    }

    // mallopt(3): setting this ends glibc's own adjusting of it, and of when it gives back.
    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int Set(int parameter, int value);

    // malloc_trim(3)
    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint kept);
}
