using System.Runtime.InteropServices;

namespace Debyard.Server.Memory;

/// <summary>
/// The heap of the C library. Compression allocates megabytes from it for each index chunk and frees them soon after. By default glibc
/// starts to keep such blocks after the first large one is freed, in a separate heap for each of a dozen threads.
/// </summary>
static partial class NativeHeap
{
    // malloc.h
    const int MmapThreshold = -3;

    // Larger than what compression allocates often, which would otherwise need fresh pages each time.
    const int LargeBlock = 4 * 1024 * 1024;

    /// <summary>Makes glibc return freed large blocks, and free memory at the end of each heap, to the system.</summary>
    public static void Settle() => Call(() => Set(MmapThreshold, LargeBlock));

    /// <summary>Returns all free memory to the system.</summary>
    public static void Trim() => Call(() => Trim(0));

    static void Call(Func<int> call)
    {
        try
        {
            _ = call();
        }
        catch (EntryPointNotFoundException)
        {
            // musl has neither these heaps nor these functions.
        }
    }

    // mallopt(3): setting this also disables glibc's dynamic adjustment of the threshold.
    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int Set(int parameter, int value);

    // malloc_trim(3)
    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint kept);
}
