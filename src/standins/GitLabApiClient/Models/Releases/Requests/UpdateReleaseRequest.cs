using System.Text.Json.Serialization;

namespace GitLabApiClient.Models.Releases.Requests;

public sealed class UpdateReleaseRequest
{
    public UpdateReleaseRequest(string releaseName, string description, DateTime? releasedAt = null)
    {
        ReleaseName = releaseName;
        Description = description;
        ReleasedAt = releasedAt;
    }

    [JsonPropertyName("name")]
    public string ReleaseName { get; set; }

    public string Description { get; set; }

    public DateTime? ReleasedAt { get; set; }
}
