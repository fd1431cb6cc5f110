using System.Text.Json.Serialization;
using GitLabApiClient.Internal;

namespace GitLabApiClient.Models.Tags.Requests;

public sealed class CreateTagRequest
{
    /// <summary>With a message the tag is annotated.</summary>
    public CreateTagRequest(string tagName, string reference, string message, string releaseDescription)
    {
        Guard.NotEmpty(tagName);
        Guard.NotEmpty(reference);
        TagName = tagName;
        Reference = reference;
        Message = message;
        ReleaseDescription = releaseDescription;
    }

    public string TagName { get; set; }

    [JsonPropertyName("ref")]
    public string Reference { get; set; }

    public string Message { get; set; }

    public string ReleaseDescription { get; set; }
}
