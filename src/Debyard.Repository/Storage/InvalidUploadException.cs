namespace Debyard.Repository.Storage;

/// <summary>An upload that contradicts itself: digests, name, content. The message names the file and the remedy; nothing was changed.</summary>
public sealed class InvalidUploadException(string message) : Exception(message);
