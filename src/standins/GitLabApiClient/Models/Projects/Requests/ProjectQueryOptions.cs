namespace GitLabApiClient.Models.Projects.Requests;

public sealed class ProjectQueryOptions
{
    internal ProjectQueryOptions() { }

    public string UserId { get; set; }

    public bool Archived { get; set; }

    public QueryProjectVisibilityLevel Visibility { get; set; }

    public ProjectsOrder Order { get; set; }

    public SortOrder SortOrder { get; set; }

    public string Filter { get; set; }

    public bool Simple { get; set; }

    public bool Owned { get; set; }

    public bool IsMemberOf { get; set; }

    public bool Starred { get; set; }

    public bool IncludeStatistics { get; set; }

    public bool WithIssuesEnabled { get; set; }

    public bool WithMergeRequestsEnabled { get; set; }

    public DateTime LastActivityAfter { get; set; }

    public DateTime LastActivityBefore { get; set; }
}

public enum ProjectsOrder
{
    CreatedAt,
    UpdatedAt,
    LastActivityAt,
    Id,
    Name,
    Path,
}

public enum QueryProjectVisibilityLevel
{
    All,
    Private,
    Internal,
    Public,
}
