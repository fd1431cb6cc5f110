namespace Debyard.Server.Configuration;

/// <summary>The server cannot start, for a reason its user can change; the message is one sentence that says it.</summary>
public sealed class ServerStartException(string message, Exception? cause = null) : Exception(message, cause);
