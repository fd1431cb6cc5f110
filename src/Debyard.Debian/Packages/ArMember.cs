using System.Globalization;
using System.Text;

namespace Debyard.Debian.Packages;

/// <summary>The header of an ar archive member, 60 bytes of text (deb(5), ar(5)).</summary>
readonly record struct ArMember(string Name, long Size)
{
    public const string Magic = "!<arch>\n";
    public const int HeaderSize = 60;

    /// <summary>The size including the padding to an even number.</summary>
    public long PaddedSize => Size + (Size & 1);

    public static ArMember Parse(ReadOnlySpan<byte> header)
    {
        var text = Encoding.Latin1.GetString(header);
        var name = text[..16].TrimEnd(' ');
        if (!text.EndsWith("`\n", StringComparison.Ordinal) || name.Length == 0 || name.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw new DebianFormatException("The package is damaged: the header of an archive member is invalid.");
        if (!long.TryParse(text.AsSpan(48, 10).TrimEnd(' '), NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            throw new DebianFormatException($"The package is damaged: its member {name} has no valid size.");
        // GNU ar ends names with a slash; dpkg accepts both forms.
        return new ArMember(name.TrimEnd('/'), size);
    }

    public byte[] Render(DateTimeOffset modified) =>
        Encoding.ASCII.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Name, -16}{modified.ToUnixTimeSeconds(), -12}{0, -6}{0, -6}{"100644", -8}{Size, -10}`\n"
            )
        );
}
