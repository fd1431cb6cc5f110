namespace Debyard.Repository.Branches;

/// <summary>The default branch, or a release: it is not retired. The message is for its user.</summary>
public sealed class BranchProtectedException(string message) : Exception(message);
