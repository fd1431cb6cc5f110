namespace Debyard.Server.GitLab;

/// <summary>Why GitLab's answer cannot be used to decide about branches.</summary>
enum GitLabFault
{
    Unreachable,
    Unauthorized,
    Forbidden,
    NotFound,
    Moved,
    Archived,
    RateLimited,
    ServerError,
    Unreadable,
    Incomplete,
}

/// <summary>GitLab's answer cannot be used; the message is one sentence for the operator.</summary>
sealed class GitLabFaultException(GitLabFault fault, string message, Exception? cause = null) : Exception(message, cause)
{
    public GitLabFault Fault { get; } = fault;
}
