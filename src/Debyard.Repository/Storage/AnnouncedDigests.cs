using Debyard.Debian.Digests;
using Debyard.Debian.Names;

namespace Debyard.Repository.Storage;

/// <summary>
/// The digests and size that a client announces for a file; each may be missing. Digests are lower-case hexadecimal, the size is in bytes.
/// </summary>
public sealed record AnnouncedDigests
{
    AnnouncedDigests(long? size, string? md5, string? sha1, Sha256? sha256) => (Size, Md5, Sha1, Sha256) = (size, md5, sha1, sha256);

    public static AnnouncedDigests None { get; } = new(null, null, null, null);

    public long? Size { get; }
    public string? Md5 { get; }
    public string? Sha1 { get; }
    public Sha256? Sha256 { get; }

    /// <exception cref="InvalidUploadException">A digest has the wrong length or form.</exception>
    public static AnnouncedDigests Of(long? size, string? md5, string? sha1, string? sha256) =>
        new(
            size is >= 0 or null ? size : throw new InvalidUploadException($"{size} is not a size in bytes."),
            Hex(md5, 32, "MD5"),
            Hex(sha1, 40, "SHA-1"),
            ParseSha256(sha256)
        );

    public static AnnouncedDigests Of(FileDigests digests) => new(digests.Size, digests.Md5, digests.Sha1, digests.Sha256);

    /// <summary>Compares the digest that identifies a file: SHA-256 if announced, otherwise SHA-1; false if neither is.</summary>
    internal bool Identify(FileDigests digests) => Sha256 is not null ? Sha256 == digests.Sha256 : Sha1 is not null && Sha1 == digests.Sha1;

    /// <summary>The first announced value that <paramref name="digests"/> contradict, in words; null if there is none.</summary>
    internal string? Contradiction(FileDigests digests) =>
        Size is { } size && size != digests.Size ? $"the size is {digests.Size}, not {size}"
        : Sha256 is { } sha256 && sha256 != digests.Sha256 ? $"the SHA-256 is {digests.Sha256}, not {sha256}"
        : Sha1 is { } sha1 && sha1 != digests.Sha1 ? $"the SHA-1 is {digests.Sha1}, not {sha1}"
        : Md5 is { } md5 && md5 != digests.Md5 ? $"the MD5 is {digests.Md5}, not {md5}"
        : null;

    internal static bool IsHex(string text, int length) => text.Length == length && text.All(char.IsAsciiHexDigitLower);

    static Sha256? ParseSha256(string? text) =>
        Hex(text, Debian.Names.Sha256.TextLength, "SHA-256") is { } digits ? Debian.Names.Sha256.Parse(digits) : null;

    static string? Hex(string? text, int length, string kind) =>
        string.IsNullOrEmpty(text) ? null
        : text.ToLowerInvariant() is var digest && IsHex(digest, length) ? digest
        : throw new InvalidUploadException($"'{text}' is not a valid {kind}: it needs {length} hexadecimal digits.");
}
