namespace Debyard.Server.Http;

/// <summary>Refuses a request with 401, 403, 404, 429 or 503. The message is for the caller and contains no secret that it sent.</summary>
sealed class RefusedException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;

    /// <summary>When the same request can succeed; null if never.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
