namespace Debyard.Debian.Compression;

/// <summary>The checksum of .gz and .xz (RFC 1952, 8).</summary>
static class Crc32
{
    static readonly uint[] table =
    [
        .. Enumerable
            .Range(0, 256)
            .Select(index =>
            {
                var value = (uint)index;
                for (var bit = 0; bit < 8; bit++)
                    value = (value & 1) == 0 ? value >> 1 : value >> 1 ^ 0xEDB88320;
                return value;
            }),
    ];

    public static uint Of(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var octet in data)
            crc = crc >> 8 ^ table[(byte)crc ^ octet];
        return ~crc;
    }
}
