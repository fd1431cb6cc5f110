namespace Debyard.Repository.Identity;

/// <summary>The writer has no permission for a write. The message is for the writer, and tells nothing about the branch.</summary>
public sealed class WriteRefusedException(string message) : Exception(message);
