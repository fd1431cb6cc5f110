using System.Text.Json.Serialization;
using GitLabApiClient.Internal;

namespace GitLabApiClient.Models.Projects.Requests;

public sealed class CreateProjectRequest
{
    CreateProjectRequest() { }

    public static CreateProjectRequest FromPath(string path)
    {
        Guard.NotEmpty(path);
        return new() { Path = path };
    }

    public static CreateProjectRequest FromName(string name)
    {
        Guard.NotEmpty(name);
        return new() { Name = name };
    }

    public string Name { get; private set; }

    public string Path { get; private set; }

    public int? UserId { get; set; }

    public string DefaultBranch { get; set; }

    public int? NamespaceId { get; set; }

    public string Description { get; set; }

    [JsonPropertyName("issues_enabled")]
    public bool? EnableIssues { get; set; }

    [JsonPropertyName("merge_requests_enabled")]
    public bool? EnableMergeRequests { get; set; }

    [JsonPropertyName("jobs_enabled")]
    public bool? EnableJobs { get; set; }

    [JsonPropertyName("wiki_enabled")]
    public bool? EnableWiki { get; set; }

    [JsonPropertyName("snippets_enabled")]
    public bool? EnableSnippets { get; set; }

    [JsonPropertyName("container_registry_enabled")]
    public bool? EnableContainerRegistry { get; set; }

    [JsonPropertyName("shared_runners_enabled")]
    public bool? EnableSharedRunners { get; set; }

    public ProjectVisibilityLevel? Visibility { get; set; }

    public string ImportUrl { get; set; }

    public bool? PublicJobs { get; set; }

    public bool? OnlyAllowMergeIfPipelineSucceeds { get; set; }

    public bool? OnlyAllowMergeIfAllDiscussionsAreResolved { get; set; }

    [JsonPropertyName("lfs_enabled")]
    public bool? EnableLfs { get; set; }

    [JsonPropertyName("request_access_enabled")]
    public bool? EnableRequestAccess { get; set; }

    [JsonPropertyName("tag_list")]
    public List<string> Tags { get; set; } = [];

    [JsonPropertyName("printing_merge_request_link_enabled")]
    public bool? EnablePrintingMergeRequestLink { get; set; }

    public string CiConfigPath { get; set; }
}
