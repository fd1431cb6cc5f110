namespace Debyard.Server.Access;

/// <summary>The caller may not, or not now: 401, 403, 404, 429, 503. The message is for the caller, and holds nothing that it sent as a secret.</summary>
sealed class RefusedException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;

    /// <summary>After how long the same request can succeed; null where it cannot.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
