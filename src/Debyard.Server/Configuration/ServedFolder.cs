namespace Debyard.Server.Configuration;

/// <summary>
/// The served folder may be given to a static web server, so it must not hold secrets: configuration and tokens stay outside.
/// </summary>
static class ServedFolder
{
    static readonly string[] secrets = ["appsettings*.json", "*.token"];

    /// <exception cref="ServerStartException">The folder holds configuration or a token.</exception>
    public static void RequireNoSecrets(string root)
    {
        if (!Directory.Exists(root))
            return;
        var found = secrets
            .SelectMany(pattern => Directory.EnumerateFileSystemEntries(root, pattern))
            .Order(StringComparer.Ordinal)
            .ToList();
        if (found.Count > 0)
            throw new ServerStartException(
                $"The served folder holds {string.Join(", ", found.Select(Path.GetFileName))}, which a web server over the folder would "
                    + "show to everybody. Move it out, for example to /etc/debyard, and start with --config /etc/debyard/appsettings.json."
            );
    }

    /// <exception cref="ServerStartException">The file is missing, or in the folder.</exception>
    public static void RequireOutside(string root, string file)
    {
        if (!File.Exists(file))
            throw new ServerStartException($"The file {file} does not exist.");
        // Links resolved: what counts is where the bytes are.
        var actual = new FileInfo(file).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file;
        if (IsBelow(root, file) || IsBelow(root, actual))
            throw new ServerStartException(
                $"The file {file} is in the served folder {root}, which a web server could show to everybody; move it out."
            );
    }

    static bool IsBelow(string root, string file) =>
        Path.GetFullPath(file).StartsWith(Path.GetFullPath(root).TrimEnd('/') + '/', StringComparison.Ordinal);
}
