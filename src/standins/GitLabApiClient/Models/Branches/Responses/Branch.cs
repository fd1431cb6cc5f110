using GitLabApiClient.Models.Releases.Responses;

namespace GitLabApiClient.Models.Branches.Responses;

public sealed class Branch
{
    public string Name { get; set; }

    public bool Merged { get; set; }

    public bool Protected { get; set; }

    public bool Default { get; set; }

    public bool DevelopersCanPush { get; set; }

    public bool DevelopersCanMerge { get; set; }

    public bool CanPush { get; set; }

    public Commit Commit { get; set; }
}
