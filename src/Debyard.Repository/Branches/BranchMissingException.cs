namespace Debyard.Repository.Branches;

/// <summary>There is no such branch, retired branch or package in it; the message is for the user.</summary>
public sealed class BranchMissingException(string message) : Exception(message)
{
    public static BranchMissingException For(string branch) => new($"There is no branch {branch}.");
}
