namespace GitLabApiClient.Models.Webhooks.Responses;

public sealed class Webhook
{
    public long Id { get; set; }

    public string Url { get; set; }

    public bool PushEvents { get; set; }

    public string PushEventsBranchFilter { get; set; }

    public bool IssuesEvents { get; set; }

    public bool ConfidentialIssuesEvents { get; set; }

    public bool MergeRequestsEvents { get; set; }

    public bool TagPushEvents { get; set; }

    public bool NoteEvents { get; set; }

    public bool JobEvents { get; set; }

    public bool PipelineEvents { get; set; }

    public bool WikiPageEvents { get; set; }

    public bool EnableSslVerification { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
