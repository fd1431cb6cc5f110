namespace Debyard.Pipeline;

/// <summary>
/// An error that the user can fix: the message says what is wrong, where, and what to do. It prints without a stack trace, which
/// would not help the user.
/// </summary>
public class PipelineException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    public override string ToString() => Message;
}
