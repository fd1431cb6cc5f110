namespace GitLabApiClient.Models.Branches.Responses;

public sealed class ProtectedBranch
{
    public string Name { get; set; }

    public PushAccessLevel[] PushAccessLevels { get; set; }

    public PushAccessLevel[] MergeAccessLevels { get; set; }
}

public sealed class PushAccessLevel
{
    public ProtectedRefAccessLevels AccessLevel { get; set; }

    public string AccessLevelDescription { get; set; }
}

public enum ProtectedRefAccessLevels
{
    NoAccess = 0,
    DeveloperAccess = 30,
    MaintainerAccess = 40,
    AdminAccess = 60,
}
