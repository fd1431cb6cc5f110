using System.Buffers.Binary;
using System.Security.Cryptography;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Rpm;

/// <summary>
/// An rpm whose digests are right: lead, signature header, main header and payload
/// (https://rpm-software-management.github.io/rpm/manual/format_v4.html).
/// </summary>
/// <param name="HeaderStart">The offset of the main header in bytes.</param>
sealed record RpmFile(byte[] Lead, RpmHeader Signature, RpmHeader Header, long HeaderStart)
{
    const int LeadSize = 96;
    const int Sha256Algorithm = 8; // RFC 4880, 9.4

    static ReadOnlySpan<byte> Magic => [0xed, 0xab, 0xee, 0xdb];

    /// <summary>The offset behind the main header, where the payload begins.</summary>
    public long HeaderEnd => HeaderStart + Header.Bytes.Length;

    /// <summary>The file name that the header says: <c>name-version-release.architecture.rpm</c>.</summary>
    public string FileName =>
        $"{Required(RpmTag.Name)}-{Required(RpmTag.Version)}-{Required(RpmTag.Release)}.{Required(RpmTag.Architecture)}.rpm";

    /// <summary>Reads the headers only; the payload is not read.</summary>
    /// <exception cref="InvalidUploadException">The stream does not begin as a binary rpm.</exception>
    public static async Task<RpmFile> ReadAsync(Stream stream, CancellationToken cancellation = default)
    {
        var lead = new byte[LeadSize];
        await RpmHeader.ReadAsync(stream, lead, cancellation);
        if (!lead.AsSpan().StartsWith(Magic))
            throw new InvalidUploadException("The file is not an rpm: it does not begin with rpm's magic number.");
        if (BinaryPrimitives.ReadUInt16BigEndian(lead.AsSpan(6)) != 0)
            throw new InvalidUploadException("The file is a source rpm; branches hold binary packages only.");
        var signature = await RpmHeader.ReadAsync(stream, cancellation);
        await RpmHeader.ReadAsync(stream, new byte[Padding(signature.Bytes.Length)], cancellation);
        var header = await RpmHeader.ReadAsync(stream, cancellation);
        return new RpmFile(lead, signature, header, LeadSize + signature.Bytes.Length + Padding(signature.Bytes.Length));
    }

    /// <summary>Reads the whole file and verifies the SHA-256 of header and payload, which a signature of the header then covers.</summary>
    /// <exception cref="InvalidUploadException">It is no rpm or damaged, or it lacks one of the two digests.</exception>
    public static async Task<RpmFile> VerifyAsync(Stream stream, CancellationToken cancellation)
    {
        var file = await ReadAsync(stream, cancellation);
        _ = file.FileName;
        if (
            file.Signature.Text(RpmTag.HeaderSha256) is not { } header
            || file.Header.Text(RpmTag.PayloadDigest) is not { } payload
            || file.Header.Number(RpmTag.PayloadDigestAlgorithm) is not Sha256Algorithm
        )
            throw new InvalidUploadException(
                "The rpm has no SHA-256 of its header or of its payload, so a signature would not cover it; use rpm 4.14 or later."
            );
        if (header != Convert.ToHexStringLower(SHA256.HashData(file.Header.Bytes)))
            throw RpmHeader.Damaged("the SHA-256 of its header is another one");
        if (payload != Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation)))
            throw RpmHeader.Damaged("the SHA-256 of its payload is another one");
        return file;
    }

    /// <summary>Writes a copy with this RSA signature instead of those that it had. Header and payload stay as they are.</summary>
    /// <param name="original">The file that this was read from; copied from <see cref="HeaderStart"/>.</param>
    public async Task WriteSignedAsync(Stream original, Stream output, byte[] signature, CancellationToken cancellation)
    {
        int[] replaced =
        [
            RpmHeaderWriter.SignatureRegion,
            RpmTag.DsaSignature,
            RpmTag.RsaSignature,
            RpmTag.LegacyPgp,
            RpmTag.LegacyGpg,
            RpmTag.ReservedSpace,
        ];
        var header = RpmHeaderWriter.Write(
            RpmHeaderWriter.SignatureRegion,
            Signature
                .Entries.Where(entry => !replaced.Contains(entry.Tag))
                .Append(new RpmEntry(RpmTag.RsaSignature, RpmType.Binary, signature.Length, signature))
        );
        await output.WriteAsync(Lead, cancellation);
        await output.WriteAsync(header, cancellation);
        await output.WriteAsync(new byte[Padding(header.Length)], cancellation);
        original.Position = HeaderStart;
        await original.CopyToAsync(output, cancellation);
    }

    string Required(int tag) =>
        Header.Text(tag) is { Length: > 0 } text ? text : throw RpmHeader.Damaged($"its header has no entry {tag}, part of its name");

    static int Padding(int length) => (8 - length % 8) % 8;
}
