namespace GitLabApiClient.Models.Branches.Requests;

public sealed class BranchQueryOptions
{
    internal BranchQueryOptions() { }

    /// <summary>A part of the name; <c>^</c> and <c>$</c> mark its ends.</summary>
    public string Search { get; set; }
}
