namespace Debyard.Repository.Publishing;

/// <summary>A suite's next files, complete but with temporary names. Clients see none of them before <see cref="Switch"/>.</summary>
sealed class PreparedSuite : IDisposable
{
    readonly Lock adding = new();
    readonly List<(string Temporary, string Target)> moves = [];
    readonly List<string> superseded = [],
        byHash = [];
    bool isSwitching;

    /// <summary>Adds a file to move. Files are moved in this order, so add a file before the files that refer to it.</summary>
    public void Move(string temporary, string target)
    {
        lock (adding)
            moves.Add((temporary, target));
    }

    /// <summary>Adds a by-hash file of the new Release. It is deleted if the switch does not take place.</summary>
    public void Add(string path)
    {
        lock (adding)
            byHash.Add(path);
    }

    /// <summary>Adds a by-hash file that the new Release no longer lists. Its retention starts at the switch.</summary>
    public void Supersede(string path) => superseded.Add(path);

    public void Switch(DateTimeOffset now)
    {
        // Before the switch: if the process is killed in between, files are kept for too long rather than deleted too early.
        foreach (var path in superseded.Where(File.Exists))
            File.SetLastWriteTimeUtc(path, now.UtcDateTime);
        isSwitching = true;
        foreach (var (temporary, target) in moves)
            File.Move(temporary, target, overwrite: true);
    }

    // Renaming a link over another link to the same file does nothing (rename(2)), so some may remain even after the switch.
    public void Dispose()
    {
        foreach (var (temporary, _) in moves)
            File.Delete(temporary);
        if (!isSwitching)
            byHash.ForEach(File.Delete);
    }
}
