namespace Debyard.Repository.Branches;

/// <summary>The folder is another ref's whose slug is the same; the message is for its user.</summary>
public sealed class BranchTakenException(string message) : Exception(message);
