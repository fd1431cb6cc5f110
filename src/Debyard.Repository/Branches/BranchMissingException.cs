namespace Debyard.Repository.Branches;

/// <summary>There is no such branch, or no such retired one; the message is for its user.</summary>
public sealed class BranchMissingException(string message) : Exception(message);
