namespace Debyard.Repository.Branches;

/// <summary>
/// The folder belongs to another ref with the same slug, or a branch of the name exists already. The message is for the user.
/// </summary>
public sealed class BranchTakenException(string message) : Exception(message);
