namespace Debyard.Repository.Identity;

/// <summary>A text that is not a project path; the message is for the user who sent it.</summary>
public sealed class ProjectPathException(string message) : Exception(message);
