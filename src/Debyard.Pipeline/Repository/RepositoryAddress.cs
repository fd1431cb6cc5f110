namespace Debyard.Pipeline.Repository;

/// <summary>A repository server, and the suite and component that packages go to.</summary>
/// <param name="Server">Its URL, ending with a slash.</param>
/// <param name="Token">The bearer token to send; null: none.</param>
public sealed record RepositoryAddress(Uri Server, string Suite, string Component, string? Token)
{
    /// <summary>The GitLab project path that becomes an owner of the branch; null if unknown.</summary>
    public string? Project { get; init; }

    /// <summary>The URL of a package, relative to the server.</summary>
    public string PathOf(string branch, string fileName) =>
        $"{branch}/{Uri.EscapeDataString(fileName)}?suite={Uri.EscapeDataString(Suite)}&component={Uri.EscapeDataString(Component)}";

    public static Uri WithSlash(Uri url) => url.AbsolutePath.EndsWith('/') ? url : new Uri(url + "/");

    // A record prints its members, and a token must never be printed.
    public override string ToString() => Server.ToString();
}
