namespace Debyard.Pipeline.Engine;

/// <summary>
/// The name of an image in a registry, parsed as Docker does: the default registry is Docker Hub, the default tag <c>latest</c>.
/// https://pkg.go.dev/github.com/distribution/reference
/// </summary>
/// <param name="Registry">The host, with its port if the name has one.</param>
/// <param name="Repository">The name without its tag or digest, as written.</param>
/// <param name="Tag">A tag, or a digest such as <c>sha256:…</c>.</param>
public readonly record struct ImageReference(string Registry, string Repository, string Tag)
{
    public const string DockerHub = "docker.io";

    public static ImageReference Parse(string text)
    {
        var (name, digest) = text.Split('@', 2) is [var before, var after] ? (before, after) : (text, null);
        var colon = name.LastIndexOf(':');
        var (repository, tag) = colon > name.LastIndexOf('/') ? (name[..colon], name[(colon + 1)..]) : (name, "latest");
        return new ImageReference(RegistryOf(repository), repository, digest ?? tag);
    }

    static string RegistryOf(string repository)
    {
        var slash = repository.IndexOf('/');
        var first = slash < 0 ? "" : repository[..slash];
        var isHost = first == "localhost" || first.AsSpan().IndexOfAny('.', ':') >= 0 || first.Any(char.IsAsciiLetterUpper);
        return isHost && first != "index.docker.io" ? first : DockerHub;
    }
}
