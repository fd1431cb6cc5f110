using System.Buffers;
using Debyard.Repository.Branches;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Identity;

/// <summary>Who asks a branch to change, as far as the branch cares.</summary>
public sealed record WriterIdentity
{
    /// <summary>A writer of whom nothing is known; it may link from every branch.</summary>
    public static WriterIdentity Unknown { get; } = new();

    /// <summary>Who it is, in the journal's words.</summary>
    public string Name { get; init; } = "anonymous";

    /// <summary>The full git ref it writes for; null where it did not say.</summary>
    public string? Ref { get; init; }

    /// <summary>The project it belongs to, which owns the branch from then on, beside others; null where it did not say.</summary>
    public Project? Project { get; init; }

    /// <summary>Which branches it may read. Bytes that only others have are to it as if nobody had them. Null: all.</summary>
    public Func<Branch, bool>? MayRead { get; init; }
}

/// <summary>A project's path on its GitLab: <c>group/subgroup/name</c>.</summary>
public readonly record struct Project
{
    const int MaxLength = 255;

    // https://docs.gitlab.com/user/reserved_names/#rules-for-usernames-project-and-group-names-and-slugs
    static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./");

    Project(string path) => Path = path;

    public string Path { get; }

    /// <exception cref="InvalidUploadException">The text is no project's path.</exception>
    public static Project Parse(string text) =>
        TryParse(text, out var project)
            ? project
            : throw new InvalidUploadException($"'{text}' is no project's path: letters, digits and - _ . / only, as in group/name.");

    public static bool TryParse(string? text, out Project project)
    {
        var isValid = text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Allowed);
        project = isValid ? new Project(text!) : default;
        return isValid;
    }

    public override string ToString() => Path;
}
