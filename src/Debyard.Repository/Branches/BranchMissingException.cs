namespace Debyard.Repository.Branches;

/// <summary>A branch, a retired branch or a package in a branch does not exist. The message is for the user.</summary>
public sealed class BranchMissingException(string message) : Exception(message)
{
    public static BranchMissingException For(string branch) => new($"There is no branch {branch}.");
}
