namespace Debyard.Repository.Publishing;

/// <summary>A suite's next files, complete and beside their places. Until <see cref="Switch"/> no client sees any of them.</summary>
sealed class PreparedSuite : IDisposable
{
    readonly Lock adding = new();
    readonly List<(string Temporary, string Place)> moves = [];
    readonly List<string> superseded = [],
        byHash = [];
    bool isSwitching;

    /// <summary>Moved in the order they are added: what others refer to comes first.</summary>
    public void Move(string temporary, string suiteComponent)
    {
        lock (adding)
            moves.Add((temporary, suiteComponent));
    }

    /// <summary>A by-hash file made for the new Release: gone again where that is never switched to.</summary>
    public void Add(string path)
    {
        lock (adding)
            byHash.Add(path);
    }

    /// <summary>A by-hash file that the new Release no longer lists: kept from now on for the time of retention.</summary>
    public void Supersede(string path) => superseded.Add(path);

    public void Switch(DateTimeOffset now)
    {
        // Before they are superseded: who is killed in between has kept them too long, not too short.
        foreach (var path in superseded.Where(File.Exists))
            File.SetLastWriteTimeUtc(path, now.UtcDateTime);
        isSwitching = true;
        foreach (var (temporary, suiteComponent) in moves)
            File.Move(temporary, suiteComponent, overwrite: true);
    }

    // Renaming one link over another of the same file does nothing (rename(2)), so some may be left after the switch too.
    public void Dispose()
    {
        foreach (var (temporary, _) in moves)
            File.Delete(temporary);
        if (!isSwitching)
            byHash.ForEach(File.Delete);
    }
}
