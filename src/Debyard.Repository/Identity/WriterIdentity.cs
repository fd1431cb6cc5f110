namespace Debyard.Repository.Identity;

/// <summary>The author of a change to a branch.</summary>
public sealed record WriterIdentity
{
    /// <summary>A writer without a known identity. It may read every branch.</summary>
    public static WriterIdentity Unknown { get; } = new();

    /// <summary>The server itself, for the changes that its configuration causes.</summary>
    public static WriterIdentity Server { get; } = new() { Name = "server" };

    /// <summary>The name in the journal.</summary>
    public string Name { get; init; } = "anonymous";

    /// <summary>The full git ref that it writes for; null if it did not name one.</summary>
    public string? Ref { get; init; }

    /// <summary>Its project, which becomes an owner of the branch; null if it did not name one.</summary>
    public Project? Project { get; init; }

    /// <summary>Decides which branches it may read; null: all. To it, packages that only other branches list look missing.</summary>
    public Func<BranchIdentity, bool>? MayRead { get; init; }
}
