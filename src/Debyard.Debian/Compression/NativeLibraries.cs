using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Debyard.Debian.Compression;

/// <summary>Finds liblzma and libzstd under the name each system gives them.</summary>
static class NativeLibraries
{
    public const string Lzma = "lzma";
    public const string Zstd = "zstd";

    static NativeLibraries() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);

    /// <summary>To be called before the first import is.</summary>
    public static void Prepare() => RuntimeHelpers.RunClassConstructor(typeof(NativeLibraries).TypeHandle);

    static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        var (files, package, purpose) = name switch
        {
            Lzma => (["liblzma.so.5", "liblzma.5.dylib", "liblzma.dll"], "liblzma5", ".xz"),
            Zstd => (["libzstd.so.1", "libzstd.1.dylib", "libzstd.dll"], "libzstd1", ".zst"),
            _ => (Array.Empty<string>(), "", ""),
        };
        if (files.Length == 0)
            return nint.Zero;
        foreach (var file in files)
        {
            if (NativeLibrary.TryLoad(file, assembly, search, out var library))
                return library;
        }
        throw new DllNotFoundException(
            $"{files[0]} is missing, which {purpose} data needs: install the package {package} (Debian's name), or use gzip."
        );
    }
}
