namespace GitLabApiClient.Models;

public enum SortOrder
{
    Descending,
    Ascending,
}
