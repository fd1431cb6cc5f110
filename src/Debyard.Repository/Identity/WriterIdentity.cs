namespace Debyard.Repository.Identity;

/// <summary>Who asks to change a branch.</summary>
public sealed record WriterIdentity
{
    /// <summary>A writer nothing is known about; it may read every branch.</summary>
    public static WriterIdentity Unknown { get; } = new();

    /// <summary>The server itself, for what its configuration makes it do.</summary>
    public static WriterIdentity Server { get; } = new() { Name = "server" };

    /// <summary>The name the journal records.</summary>
    public string Name { get; init; } = "anonymous";

    /// <summary>The full git ref it writes for; null if it named none.</summary>
    public string? Ref { get; init; }

    /// <summary>The project it belongs to, which becomes an owner of the branch; null if it named none.</summary>
    public Project? Project { get; init; }

    /// <summary>Which branches it may read; null: all. Bytes that only other branches have look missing to it.</summary>
    public Func<BranchIdentity, bool>? MayRead { get; init; }
}
