namespace Debyard.Repository.Identity;

/// <summary>The author of a change to a branch.</summary>
public sealed record WriterIdentity
{
    /// <summary>A writer without a known identity. It may read and write every branch.</summary>
    public static WriterIdentity Unknown { get; } = new();

    /// <summary>The server itself, for the changes that its configuration causes.</summary>
    public static WriterIdentity Server { get; } = new() { Name = "server" };

    /// <summary>The name in the journal.</summary>
    public string Name { get; init; } = "anonymous";

    /// <summary>The address that it wrote from, for the journal; null if there is none.</summary>
    public string? Address { get; init; }

    /// <summary>The full git ref that it writes for; null if it did not name one.</summary>
    public string? Ref { get; init; }

    /// <summary>Its project, which becomes an owner of the branch; null if it did not name one.</summary>
    public Project? Project { get; init; }

    /// <summary>Decides which branches it may read; null: all. To it, packages that only other branches list look missing.</summary>
    public Func<BranchIdentity, bool>? MayRead { get; init; }

    /// <summary>Throws <see cref="WriteRefusedException"/> if a write is not allowed; null: every write is.</summary>
    public Action<BranchWrite>? Authorize { get; init; }

    public bool CanRead(BranchIdentity branch) => MayRead?.Invoke(branch) ?? true;
}
