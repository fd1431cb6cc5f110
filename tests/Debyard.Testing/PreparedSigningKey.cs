using Debyard.Repository;

namespace Debyard.Testing;

/// <summary>
/// The signing keys of the repositories that tests open. gpg needs up to a second to make them, so that they are made
/// once per test process and copied into each root. A test of the creation opens an empty root instead.
/// </summary>
public static class PreparedSigningKey
{
    static readonly Lazy<string> prepared = new(Make);

    /// <summary>Returns a temporary folder whose repository has the keys.</summary>
    public static TemporaryFolder NewRoot()
    {
        var folder = new TemporaryFolder();
        Copy(prepared.Value, Keys(folder.Path));
        return folder;
    }

    static string Keys(string root) => Path.Combine(root, ".debyard", "keys");

    // The folder outlives every test; the process removes it when it ends.
    static string Make()
    {
        var folder = new TemporaryFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        var root = RepositoryRoot.Open(new() { Root = folder.Path });
        _ = root.RpmKey;
        root.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return Keys(folder.Path);
    }

    static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to, File.GetUnixFileMode(from));
        // The sockets belong to the agent that made the key.
        foreach (
            var file in Directory.EnumerateFiles(from).Where(file => !Path.GetFileName(file).StartsWith("S.", StringComparison.Ordinal))
        )
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
