namespace GitLabApiClient.Models.Projects.Requests;

public enum ProjectVisibilityLevel
{
    Private,
    Internal,
    Public,
}
