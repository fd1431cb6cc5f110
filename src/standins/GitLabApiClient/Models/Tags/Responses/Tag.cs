using GitLabApiClient.Models.Releases.Responses;

namespace GitLabApiClient.Models.Tags.Responses;

public sealed class Tag
{
    public Commit Commit { get; set; }

    public Release Release { get; set; }

    public string Name { get; set; }

    public string Target { get; set; }

    public string Message { get; set; }
}
