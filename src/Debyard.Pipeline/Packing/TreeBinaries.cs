using Debyard.Debian;
using Debyard.Debian.Binaries;
using Debyard.Debian.Packages;

namespace Debyard.Pipeline.Packing;

/// <summary>An ELF file of a tree.</summary>
sealed record TreeBinary(string Path, ElfLinks Links)
{
    /// <summary>The folder of separate debug symbols (gdb's debug-file-directory).</summary>
    public const string DebugFolder = "/usr/lib/debug";

    /// <summary>The programs and libraries of the tree, without separate debug symbols.</summary>
    /// <exception cref="PipelineException">One is damaged.</exception>
    public static async Task<IReadOnlyList<TreeBinary>> OfAsync(PackTree tree, CancellationToken cancellation)
    {
        var binaries = new List<TreeBinary>();
        foreach (var file in tree.Files.Where(file => !file.Path.StartsWith(DebugFolder + "/", StringComparison.Ordinal)))
        {
            if (await ReadAsync(file, cancellation) is { } binary)
            {
                binaries.Add(binary);
            }
        }
        return binaries;
    }

    static async Task<TreeBinary?> ReadAsync(DebFileEntry file, CancellationToken cancellation)
    {
        await using var content = file.Open();
        var start = new byte[Elf.HeaderSize];
        if (
            await content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellation) < start.Length
            || !Elf.TryRead(start, out _)
        )
        {
            return null;
        }
        var bytes = new byte[content.Length];
        content.Position = 0;
        await content.ReadExactlyAsync(bytes, cancellation);
        try
        {
            return new TreeBinary(file.Path, ElfLinks.Read(bytes));
        }
        catch (DebianFormatException exception)
        {
            throw new PipelineException($"{file.Path}: {exception.Message}", exception);
        }
    }
}
