using System.IO.Compression;

namespace Debyard.Acceptance;

/// <summary>A branch's <c>Packages</c> index, from the files on disk.</summary>
static class AptIndex
{
    public static string Read(string folder, string repository, string branch, string architecture)
    {
        using var packed = File.OpenRead(
            Path.Combine(folder, repository, branch, "dists/stable/main", $"binary-{architecture}", "Packages.gz")
        );
        using var reader = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        return reader.ReadToEnd();
    }
}
