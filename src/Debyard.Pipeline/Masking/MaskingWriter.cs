using System.Text;

namespace Debyard.Pipeline.Masking;

/// <summary>Masks secrets in what is written, also if one is written in several pieces. Not for use by several threads.</summary>
public sealed class MaskingWriter(TextWriter inner, SecretMask mask) : TextWriter(inner.FormatProvider)
{
    // What may be the beginning of a secret waits here for what follows.
    string held = "";

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void WriteLine(string? value) => Write(value + CoreNewLine.AsSpan().ToString());

    public override void Write(string? value)
    {
        var text = mask.Apply(held + value);
        var length = mask.LengthOfBeginning(text);
        held = text[^length..];
        inner.Write(text[..^length]);
    }

    public override void Flush() => inner.Flush();

    /// <summary>Writes what still waits. The inner writer stays open.</summary>
    protected override void Dispose(bool disposing)
    {
        inner.Write(held);
        held = "";
        inner.Flush();
        base.Dispose(disposing);
    }
}
