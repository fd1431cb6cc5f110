namespace Debyard.Repository.Branches;

/// <summary>The branch cannot be retired, because it is the default branch or a release. The message is for the user.</summary>
public sealed class BranchProtectedException(string message) : Exception(message);
