namespace Debyard.Server.Configuration;

/// <summary>The server cannot start, for a reason that its operator can fix; the message is a single line.</summary>
public sealed class ServerStartException(string message, Exception? cause = null) : Exception(message, cause);
