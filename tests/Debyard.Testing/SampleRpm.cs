using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Debyard.Debian.Compression;
using Debyard.Repository.Rpm;

namespace Debyard.Testing;

/// <summary>
/// An rpm with one file, made in memory; the same arguments give the same bytes. rpm can verify it, but not install it: its payload is not
/// an archive.
/// </summary>
public sealed record SampleRpm(string FileName, byte[] Bytes)
{
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Bytes));

    /// <summary>The body of the request that publishes it.</summary>
    public string Offer => $$"""{"files":[{"name":"{{FileName}}","sha256":"{{Sha256}}"}]}""";

    public static SampleRpm Make(string name = "lua", string version = "5.4.6", string content = "hello", bool withDigests = true)
    {
        using var compressed = new MemoryStream();
        using (var gzip = GZip.Compress(compressed))
            gzip.Write(Encoding.UTF8.GetBytes(content));
        var payload = compressed.ToArray();
        List<RpmEntry> entries =
        [
            Text(100, RpmType.Texts, "C"),
            Text(RpmTag.Name, RpmType.Text, name),
            Text(RpmTag.Version, RpmType.Text, version),
            Text(RpmTag.Release, RpmType.Text, "1"),
            Number(RpmTag.Epoch, RpmType.Number32, 1),
            Text(RpmTag.Summary, RpmType.TranslatedTexts, "a sample <of> & for tests"),
            Text(RpmTag.Description, RpmType.TranslatedTexts, "It does nothing."),
            Text(RpmTag.License, RpmType.Text, "MIT"),
            Text(RpmTag.Architecture, RpmType.Text, "x86_64"),
            Number(RpmTag.Size, RpmType.Number32, content.Length),
            Number(RpmTag.FileModes, RpmType.Number16, 0x41ed, 0x81a4),
            Number(RpmTag.FileFlags, RpmType.Number32, 0, 0),
            Text(RpmTag.ProvideName, RpmType.Texts, name),
            Number(RpmTag.ProvideFlags, RpmType.Number32, 8),
            Text(RpmTag.ProvideVersion, RpmType.Texts, $"1:{version}-1"),
            Text(RpmTag.RequireName, RpmType.Texts, "rpmlib(CompressedFileNames)", "libc.so.6()(64bit)", "sample-base"),
            Number(RpmTag.RequireFlags, RpmType.Number32, 0x1000008, 0, 12),
            Text(RpmTag.RequireVersion, RpmType.Texts, "3.0.4-1", "", "2.0-1"),
            Number(RpmTag.DirectoryIndexes, RpmType.Number32, 0, 1),
            Text(RpmTag.BaseNames, RpmType.Texts, name, "content"),
            Text(RpmTag.DirectoryNames, RpmType.Texts, "/opt/", $"/opt/{name}/"),
        ];
        if (withDigests)
            entries.AddRange([
                Text(RpmTag.PayloadDigest, RpmType.Texts, Convert.ToHexStringLower(SHA256.HashData(payload))),
                Number(RpmTag.PayloadDigestAlgorithm, RpmType.Number32, 8),
            ]);
        var header = RpmHeaderWriter.Write(RpmHeaderWriter.MainRegion, entries);
        var signature = RpmHeaderWriter.Write(
            RpmHeaderWriter.SignatureRegion,
            [
                Text(RpmTag.HeaderSha256, RpmType.Text, Convert.ToHexStringLower(SHA256.HashData(header))),
                Number(RpmTag.LegacySize, RpmType.Number32, header.Length + payload.Length),
                Number(RpmTag.PayloadSize, RpmType.Number32, content.Length),
            ]
        );
        var lead = new byte[96];
        new byte[] { 0xed, 0xab, 0xee, 0xdb, 3, 0, 0, 0, 0, 1 }.CopyTo(lead, 0);
        Encoding.ASCII.GetBytes($"{name}-{version}-1").CopyTo(lead, 10);
        BinaryPrimitives.WriteUInt16BigEndian(lead.AsSpan(76), 1);
        BinaryPrimitives.WriteUInt16BigEndian(lead.AsSpan(78), 5);
        return new SampleRpm(
            $"{name}-{version}-1.x86_64.rpm",
            [.. lead, .. signature, .. new byte[(8 - signature.Length % 8) % 8], .. header, .. payload]
        );
    }

    static RpmEntry Text(int tag, RpmType type, params string[] texts) =>
        new(tag, type, texts.Length, Encoding.UTF8.GetBytes(string.Concat(texts.Select(text => text + "\0"))));

    static RpmEntry Number(int tag, RpmType type, params long[] numbers)
    {
        var size = type == RpmType.Number16 ? 2 : 4;
        var bytes = numbers.SelectMany(number => BitConverter.GetBytes(number).Take(size).Reverse());
        return new(tag, type, numbers.Length, bytes.ToArray());
    }
}
