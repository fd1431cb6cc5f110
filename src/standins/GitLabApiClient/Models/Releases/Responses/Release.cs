using System.Text.Json.Serialization;

namespace GitLabApiClient.Models.Releases.Responses;

public class Release
{
    public string TagName { get; set; }

    public string Description { get; set; }

    [JsonPropertyName("name")]
    public string ReleaseName { get; set; }

    public string DescriptionHtml { get; set; }

    public DateTime? CreatedAt { get; set; }

    public DateTime? ReleasedAt { get; set; }

    public Member Author { get; set; }

    public Commit Commit { get; set; }

    public Asset Assets { get; set; }
}
