namespace GitLabApiClient.Models.Projects.Responses;

public sealed class Links
{
    public string Members { get; set; }

    public string Issues { get; set; }

    public string Events { get; set; }

    public string Labels { get; set; }

    public string RepoBranches { get; set; }

    public string MergeRequests { get; set; }

    public string Self { get; set; }
}

public sealed class Namespace
{
    public int Id { get; set; }

    public string Name { get; set; }

    public string FullPath { get; set; }

    public string Kind { get; set; }

    public string Path { get; set; }
}

public sealed class Owner
{
    public int Id { get; set; }

    public DateTime CreatedAt { get; set; }

    public string Name { get; set; }
}

public sealed class Permissions
{
    public Access GroupAccess { get; set; }

    public Access ProjectAccess { get; set; }
}

public sealed class Access
{
    public int AccessLevel { get; set; }

    public int NotificationLevel { get; set; }
}

/// <summary>Sizes in bytes, 32 bits wide: more than 2 GB cannot be read.</summary>
public sealed class Statistics
{
    public int JobArtifactsSize { get; set; }

    public int RepositorySize { get; set; }

    public int CommitCount { get; set; }

    public int LfsObjectsSize { get; set; }

    public int StorageSize { get; set; }
}
