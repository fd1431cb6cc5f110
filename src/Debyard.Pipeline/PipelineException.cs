namespace Debyard.Pipeline;

/// <summary>
/// Something a person can put right: what is wrong, where, and what to do. It prints as its message alone, because a stack
/// trace says nothing to the one who has to act.
/// </summary>
public class PipelineException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    public override string ToString() => Message;
}
