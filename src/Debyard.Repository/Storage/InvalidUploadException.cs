namespace Debyard.Repository.Storage;

/// <summary>
/// An upload whose digests, name and content contradict each other. The message names the file and the remedy; nothing has changed.
/// </summary>
public sealed class InvalidUploadException(string message) : Exception(message);
