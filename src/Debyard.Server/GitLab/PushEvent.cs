using System.Text.Json;
using System.Text.Json.Serialization;
using Debyard.Repository.Identity;

namespace Debyard.Server.GitLab;

/// <summary>A push that created or deleted a branch.</summary>
sealed record BranchChange(Project Project, string Ref, bool Created);

/// <summary>The part of GitLab's push event that matters here.</summary>
/// <param name="Before">The commit before the push; zeros: the push created the ref.</param>
/// <param name="After">The commit after the push; zeros: the push deleted the ref.</param>
sealed record PushEvent(string? ObjectKind, string? Ref, string? Before, string? After, PushedProject? Project)
{
    const string Heads = "refs/heads/";

    // With git's longest ref, any real one fits.
    const int MaxRefLength = 4096;

    /// <returns>Null if the event is none that creates or deletes a branch.</returns>
    /// <exception cref="JsonException">It is not GitLab's JSON.</exception>
    public static BranchChange? Parse(ReadOnlySpan<byte> body) =>
        JsonSerializer.Deserialize(body, PushEventJson.Default.PushEvent)
            is { ObjectKind: "push", Ref: { Length: > 11 and <= MaxRefLength } gitRef, Project.PathWithNamespace: { } path } push
        && gitRef.StartsWith(Heads, StringComparison.Ordinal)
        && Debyard.Repository.Identity.Project.TryParse(path, out var project)
        && IsNone(push.Before) != IsNone(push.After)
            ? new BranchChange(project, gitRef[Heads.Length..], Created: IsNone(push.Before))
            : null;

    // 40 digits, or 64 in repositories with SHA-256.
    static bool IsNone(string? commit) => commit is { Length: >= 40 } && !commit.AsSpan().ContainsAnyExcept('0');
}

sealed record PushedProject(string? PathWithNamespace);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PushEvent))]
sealed partial class PushEventJson : JsonSerializerContext;
