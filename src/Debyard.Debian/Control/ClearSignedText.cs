using System.Text;

namespace Debyard.Debian.Control;

/// <summary>Text with an OpenPGP signature around it (RFC 9580, section 7), as debsign(1) writes it.</summary>
public static class ClearSignedText
{
    const string Begin = "-----BEGIN PGP SIGNED MESSAGE-----";
    const string Signature = "-----BEGIN PGP SIGNATURE-----";
    const string End = "-----END PGP SIGNATURE-----";

    /// <summary>Returns the text inside the signature, or the whole text if it is not signed. The signature is not verified.</summary>
    /// <exception cref="DebianFormatException">The signature is incomplete, or there is text outside it.</exception>
    public static string Unwrap(string text)
    {
        using var reader = new StringReader(text);
        var line = ReadNonBlank(reader);
        if (line != Begin)
            return text;
        SkipHashHeaders(reader);
        var inside = new StringBuilder(text.Length);
        while ((line = ReadLine(reader)) != Signature)
            inside.Append(line.StartsWith("- ", StringComparison.Ordinal) ? line.AsSpan(2) : line).Append('\n');
        while (ReadLine(reader) != End) { }
        return ReadNonBlank(reader) is null
            ? inside.ToString()
            : throw new DebianFormatException("The text after the end of the signature is not signed; remove it.");
    }

    static void SkipHashHeaders(StringReader reader)
    {
        while (ReadLine(reader) is { Length: > 0 } header)
            if (!header.StartsWith("Hash:", StringComparison.Ordinal))
                throw new DebianFormatException($"The signature starts with '{header}'; only Hash headers and a blank line can be there.");
    }

    static string? ReadNonBlank(StringReader reader)
    {
        string? line;
        do line = reader.ReadLine()?.TrimEnd();
        while (line is "");
        return line;
    }

    static string ReadLine(StringReader reader) =>
        reader.ReadLine()?.TrimEnd() ?? throw new DebianFormatException("The signature has no end; sign the file again.");
}
