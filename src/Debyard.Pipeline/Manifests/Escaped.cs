using System.Globalization;
using System.Text;

namespace Debyard.Pipeline.Manifests;

/// <summary>Bytes written as text: <c>\r \n \t \0 \e \\ \xFF</c>, everything else as UTF-8.</summary>
public static class Escaped
{
    /// <returns>The bytes in hexadecimal; null with a broken escape.</returns>
    public static string? ToHex(string text)
    {
        var bytes = new MemoryStream();
        for (var at = 0; at < text.Length; )
        {
            if (text[at] != '\\')
            {
                var isWhole = Rune.TryGetRuneAt(text, at, out var rune);
                bytes.Write(Encoding.UTF8.GetBytes((isWhole ? rune : Rune.ReplacementChar).ToString()));
                at += isWhole ? rune.Utf16SequenceLength : 1;
            }
            else if (at + 1 < text.Length && "rnt0e\\".IndexOf(text[at + 1], StringComparison.Ordinal) is >= 0 and var simple)
            {
                bytes.WriteByte((byte)"\r\n\t\0\x1b\\"[simple]);
                at += 2;
            }
            else if (
                at + 3 < text.Length
                && text[at + 1] == 'x'
                && byte.TryParse(text.AsSpan(at + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            )
            {
                bytes.WriteByte(value);
                at += 4;
            }
            else
            {
                return null;
            }
        }
        return Convert.ToHexStringLower(bytes.ToArray());
    }

    /// <summary>Bytes in hexadecimal as a readable text.</summary>
    public static string From(string hex) => From(Convert.FromHexString(hex));

    /// <summary>Bytes as a readable text in one line.</summary>
    public static string From(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        while (!bytes.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(bytes, out var rune, out var length);
            if (status == System.Buffers.OperationStatus.Done && !Rune.IsControl(rune) && rune.Value != '\\')
            {
                text.Append(rune);
            }
            else
            {
                foreach (var value in bytes[..length])
                {
                    text.Append(
                        "\r\n\t\\".IndexOf((char)value, StringComparison.Ordinal) is >= 0 and var simple
                            ? $"\\{"rnt\\"[simple]}"
                            : $"\\x{value:x2}"
                    );
                }
            }
            bytes = bytes[length..];
        }
        return text.ToString();
    }
}
