using System.Globalization;
using System.Text;

namespace Debyard.Debian.Packages;

/// <summary>The header of a member of an ar archive (deb(5), ar(5)): 60 bytes of text.</summary>
readonly record struct ArMember(string Name, long Size)
{
    public const string Magic = "!<arch>\n";
    public const int HeaderSize = 60;

    /// <summary>With the byte that makes it even.</summary>
    public long PaddedSize => Size + (Size & 1);

    public static ArMember Parse(ReadOnlySpan<byte> header)
    {
        var text = Encoding.Latin1.GetString(header);
        var name = text[..16].TrimEnd(' ');
        if (!text.EndsWith("`\n", StringComparison.Ordinal) || name.Length == 0 || name.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw new DebianFormatException("The package is damaged: what should be the header of an archive member is none.");
        if (!long.TryParse(text.AsSpan(48, 10).TrimEnd(' '), NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            throw new DebianFormatException($"The package is damaged: its member {name} declares no size.");
        // The common variant of ar ends names with a slash; dpkg accepts both.
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
