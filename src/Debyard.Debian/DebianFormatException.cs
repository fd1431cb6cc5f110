namespace Debyard.Debian;

/// <summary>The input violates one of Debian's formats. The message is one sentence for the user who supplied it.</summary>
public sealed class DebianFormatException : Exception
{
    public DebianFormatException(string message)
        : base(message) { }

    public DebianFormatException(string message, Exception cause)
        : base(message, cause) { }
}
