using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Debyard.Debian.Compression;

/// <summary>Finds liblzma under the name that each operating system gives it.</summary>
static class NativeLibraries
{
    public const string Lzma = "lzma";

    static readonly string[] lzmaFiles = ["liblzma.so.5", "liblzma.5.dylib", "liblzma.dll"];

    static NativeLibraries() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);

    /// <summary>Registers the resolver; call it before the first import.</summary>
    public static void Prepare() => RuntimeHelpers.RunClassConstructor(typeof(NativeLibraries).TypeHandle);

    static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != Lzma)
            return nint.Zero;
        foreach (var file in lzmaFiles)
        {
            if (NativeLibrary.TryLoad(file, assembly, search, out var library))
                return library;
        }
        throw new DllNotFoundException(
            $"{lzmaFiles[0]} is missing; .xz and .lzma data need it. Install the package liblzma5 (Debian's name), or use gzip."
        );
    }
}
