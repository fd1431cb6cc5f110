using GitLabApiClient.Internal;
using GitLabApiClient.Models.Releases.Responses;

namespace GitLabApiClient.Models.Releases.Requests;

public sealed class CreateReleaseRequest : Release
{
    public CreateReleaseRequest(string releaseName, string tagName, string description, DateTime? releasedAt = null)
    {
        Guard.NotEmpty(releaseName);
        Guard.NotEmpty(tagName);
        ReleaseName = releaseName;
        TagName = tagName;
        Description = description;
        ReleasedAt = releasedAt ?? DateTime.Now;
    }

    /// <summary>The commit or branch to tag if the tag does not exist yet.</summary>
    public string Ref { get; set; }
}
