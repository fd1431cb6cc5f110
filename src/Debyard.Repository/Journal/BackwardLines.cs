namespace Debyard.Repository.Journal;

/// <summary>Reads the lines of a text file from its end, in blocks, so that the newest lines of a large file cost little.</summary>
static class BackwardLines
{
    const byte LineEnd = (byte)'\n';
    const int Block = 64 * 1024;

    /// <summary>The complete lines before an offset, last line first. A line that has no end yet is left out.</summary>
    /// <param name="before">The offset of the beginning of a line; anything beyond the end of the file means its end.</param>
    /// <returns>Each line with its offset, without the line end.</returns>
    public static IEnumerable<(long At, byte[] Line)> Read(string path, long before)
    {
        // Another thread may be appending.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var start = Math.Min(before, file.Length);
        byte[] rest = []; // what follows the start and belongs to the line that ends there
        var hasEnd = false;
        while (start > 0)
        {
            // A line longer than a block is read in blocks of growing size.
            var size = (int)Math.Min(start, Math.Max(Block, rest.Length));
            start -= size;
            var bytes = new byte[size + rest.Length];
            file.Position = start;
            file.ReadExactly(bytes, 0, size);
            rest.CopyTo(bytes, size);
            var lineEnd = hasEnd ? bytes.Length : -1;
            for (var at = size - 1; at >= 0; at--)
            {
                if (bytes[at] != LineEnd)
                    continue;
                if (lineEnd >= 0)
                    yield return (start + at + 1, bytes[(at + 1)..lineEnd]);
                lineEnd = at;
            }
            hasEnd = lineEnd >= 0;
            rest = hasEnd ? bytes[..lineEnd] : [];
        }
        if (hasEnd)
            yield return (0, rest);
    }

    /// <summary>The length of the file without a last line that has no end: a crash may have left one.</summary>
    public static long CompleteLength(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var block = new byte[Block];
        for (var end = file.Length; end > 0; end -= block.Length)
        {
            var size = (int)Math.Min(end, block.Length);
            file.Position = end - size;
            file.ReadExactly(block, 0, size);
            if (Array.LastIndexOf(block, LineEnd, size - 1) is var at and >= 0)
                return end - size + at + 1;
        }
        return 0;
    }
}
