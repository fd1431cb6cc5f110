namespace Debyard.Repository.Identity;

/// <summary>A text that is not a project path. The message is for the user.</summary>
public sealed class ProjectPathException(string message) : Exception(message);
