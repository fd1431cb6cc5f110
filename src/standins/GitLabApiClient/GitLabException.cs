using System.Net;

namespace GitLabApiClient;

/// <summary>GitLab answered with something other than success; the message is the answer's body.</summary>
public sealed class GitLabException : Exception
{
    public GitLabException(HttpStatusCode statusCode) => HttpStatusCode = statusCode;

    public GitLabException(HttpStatusCode statusCode, string message)
        : base(message) => HttpStatusCode = statusCode;

    public GitLabException(HttpStatusCode statusCode, string message, Exception innerException)
        : base(message, innerException) => HttpStatusCode = statusCode;

    public HttpStatusCode HttpStatusCode { get; }
}
