using System.Text.Json.Serialization;
using GitLabApiClient.Internal;

namespace GitLabApiClient.Models.Branches.Requests;

public sealed class CreateBranchRequest
{
    public CreateBranchRequest(string branch, string reference)
    {
        Guard.NotEmpty(branch);
        Guard.NotEmpty(reference);
        Branch = branch;
        Reference = reference;
    }

    public string Branch { get; set; }

    [JsonPropertyName("ref")]
    public string Reference { get; set; }
}
