using Debyard.Debian;
using Debyard.Debian.Indexes;
using Debyard.Debian.Names;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Publishing;

/// <summary>A suite as clients see it: its signed Release file and the HTTP <c>Last-Modified</c> of that file.</summary>
sealed record PublishedSuite(string Text, ReleaseFile Release, DateTimeOffset LastModified)
{
    /// <summary>Reads the suite's <c>InRelease</c>; null if it has none yet.</summary>
    public static PublishedSuite? Read(BranchFolder folder, Suite suite)
    {
        var path = folder.InRelease(suite);
        return File.Exists(path) && SignedText(File.ReadAllText(path)) is var text
            ? new(text, ReleaseFile.Parse(text), File.GetLastWriteTimeUtc(path))
            : null;
    }

    public IndexFile? FindIndex(string path) => Release.Files.FirstOrDefault(file => file.Path == path);

    // RFC 9580, 7: the text is between the blank line after the armour headers and the signature.
    static string SignedText(string clearSigned)
    {
        var start = clearSigned.IndexOf("\n\n", StringComparison.Ordinal) + 2;
        var end = clearSigned.IndexOf("\n-----BEGIN PGP SIGNATURE-----", start, StringComparison.Ordinal);
        return end < 0 ? throw new DebianFormatException("InRelease is not a signed message.") : clearSigned[start..(end + 1)];
    }
}
