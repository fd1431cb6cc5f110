using Debyard.Debian.Digests;

namespace Debyard.Repository.Storage;

/// <summary>What a client says identifies its file: any of the digests, in lower-case hexadecimal, and the size in bytes.</summary>
public sealed record ClaimedDigests
{
    ClaimedDigests(long? size, string? md5, string? sha1, string? sha256) => (Size, Md5, Sha1, Sha256) = (size, md5, sha1, sha256);

    public static ClaimedDigests None { get; } = new(null, null, null, null);

    public long? Size { get; }
    public string? Md5 { get; }
    public string? Sha1 { get; }
    public string? Sha256 { get; }

    /// <exception cref="InvalidUploadException">A digest that is none.</exception>
    public static ClaimedDigests Of(long? size, string? md5, string? sha1, string? sha256) =>
        new(
            size is >= 0 or null ? size : throw new InvalidUploadException($"{size} is no size in bytes."),
            Hex(md5, 32, "MD5"),
            Hex(sha1, 40, "SHA-1"),
            Hex(sha256, 64, "SHA-256")
        );

    public static ClaimedDigests Of(FileDigests digests) => new(digests.Size, digests.Md5, digests.Sha1, digests.Sha256);

    /// <summary>The digest that decides: SHA-256 where it is known, else SHA-1; false where neither is.</summary>
    internal bool AreOf(FileDigests digests) => Sha256 is not null ? Sha256 == digests.Sha256 : Sha1 is not null && Sha1 == digests.Sha1;

    /// <summary>The first thing claimed that <paramref name="digests"/> contradict, in words, or null.</summary>
    internal string? Contradiction(FileDigests digests) =>
        Size is { } size && size != digests.Size ? $"the size is {digests.Size}, not {size}"
        : Sha256 is { } sha256 && sha256 != digests.Sha256 ? $"the SHA-256 is {digests.Sha256}, not {sha256}"
        : Sha1 is { } sha1 && sha1 != digests.Sha1 ? $"the SHA-1 is {digests.Sha1}, not {sha1}"
        : Md5 is { } md5 && md5 != digests.Md5 ? $"the MD5 is {digests.Md5}, not {md5}"
        : null;

    internal static bool IsHex(string text, int length) => text.Length == length && text.All(char.IsAsciiHexDigitLower);

    static string? Hex(string? text, int length, string kind) =>
        string.IsNullOrEmpty(text) ? null
        : text.ToLowerInvariant() is var digest && IsHex(digest, length) ? digest
        : throw new InvalidUploadException($"'{text}' is no {kind}: {length} hexadecimal digits.");
}
