namespace Nuke.Common.Utilities;

/// <summary>Writes lines at the current indentation.</summary>
public class CustomFileWriter(StreamWriter streamWriter, int indentationFactor, string commentPrefix)
{
    int indentation;

    /// <param name="text">Null: an empty line.</param>
    public void WriteLine(string text = null) =>
        streamWriter.WriteLine(text == null ? "" : new string(' ', indentation * indentationFactor) + text);

    public void WriteComment(string text = null) => WriteLine($"{commentPrefix} {text}".TrimEnd());

    public void Write(Action<CustomFileWriter> writer) => writer(this);

    /// <summary>Indents until the result is disposed.</summary>
    public IDisposable Indent()
    {
        indentation++;
        return new Unindent(this);
    }

    sealed class Unindent(CustomFileWriter writer) : IDisposable
    {
        public void Dispose() => writer.indentation--;
    }
}
