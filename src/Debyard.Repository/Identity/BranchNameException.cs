namespace Debyard.Repository.Identity;

/// <summary>A ref or folder name that cannot be a branch here; the message is for its user.</summary>
public sealed class BranchNameException(string message) : Exception(message);
