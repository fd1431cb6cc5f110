namespace Debyard.Debian;

/// <summary>Something that was read is not what Debian's formats allow; the message is one sentence for the person who sent it.</summary>
public sealed class DebianFormatException : Exception
{
    public DebianFormatException(string message)
        : base(message) { }

    public DebianFormatException(string message, Exception cause)
        : base(message, cause) { }
}
