namespace GitLabApiClient.Models;

public sealed class Member
{
    public int Id { get; set; }

    public string State { get; set; }

    public string AvatarUrl { get; set; }

    public string Name { get; set; }

    public DateTime CreatedAt { get; set; }

    public string Username { get; set; }

    public string WebUrl { get; set; }

    public int AccessLevel { get; set; }

    public DateTime ExpiresAt { get; set; }
}
