namespace Debyard.Repository.Identity;

/// <summary>A ref or folder name that is not valid for a branch. The message is for the user.</summary>
public sealed class BranchNameException(string message) : Exception(message);
