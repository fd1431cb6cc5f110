namespace Debyard.Testing.GitLab;

/// <summary>A project of a <see cref="SimulatedGitLab"/>.</summary>
public sealed class SimulatedProject(int id, string path)
{
    readonly Lock changing = new();
    readonly SortedDictionary<string, string> branches = new(StringComparer.Ordinal);
    int commits;

    public int Id { get; } = id;

    public string Path { get; set; } = path;

    public string DefaultBranch { get; set; } = "main";

    public bool IsArchived { get; set; }

    /// <summary>Where push events are sent to; null: nowhere.</summary>
    public SimulatedWebhook? Webhook { get; set; }

    /// <summary>The names and commits of the branches, by name.</summary>
    public IReadOnlyList<(string Name, string Commit)> Branches
    {
        get
        {
            lock (changing)
                return [.. branches.Select(branch => (branch.Key, branch.Value))];
        }
    }

    /// <summary>Creates the branch with a new commit, or moves it to one.</summary>
    /// <returns>The commits before and after; null before it exists.</returns>
    public (string? Before, string? After) Set(string name)
    {
        lock (changing)
        {
            var before = branches.GetValueOrDefault(name);
            return (before, branches[name] = $"{Id:x8}{++commits:x32}");
        }
    }

    public (string? Before, string? After) Remove(string name)
    {
        lock (changing)
            return branches.Remove(name, out var before) ? (before, null) : (null, null);
    }

    /// <summary>All branches, as if the repository were lost.</summary>
    public void Clear()
    {
        lock (changing)
            branches.Clear();
    }
}
