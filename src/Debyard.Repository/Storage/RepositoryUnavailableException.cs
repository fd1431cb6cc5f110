namespace Debyard.Repository.Storage;

/// <summary>The repository cannot be opened or signed: root not writable, locked, no gpg. The message says which and what to do.</summary>
public sealed class RepositoryUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
