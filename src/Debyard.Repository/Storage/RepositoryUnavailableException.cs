namespace Debyard.Repository.Storage;

/// <summary>The repository cannot be opened, read or signed. The message says why and what to do.</summary>
public sealed class RepositoryUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
