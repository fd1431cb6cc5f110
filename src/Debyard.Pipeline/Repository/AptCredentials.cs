namespace Debyard.Pipeline.Repository;

/// <summary>A file for <c>/etc/apt/auth.conf.d</c>.</summary>
public static class AptCredentials
{
    /// <summary>
    /// The token for the URIs of a <c>.sources</c> file only. apt_auth.conf(5): an entry without a scheme is for https only. The server
    /// ignores the login name.
    /// </summary>
    public static string Render(string sources, string token) =>
        string.Concat(
            sources
                .Split('\n')
                .Where(line => line.StartsWith("URIs:", StringComparison.Ordinal))
                .SelectMany(line =>
                    line["URIs:".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                )
                .Distinct()
                .Select(uri => $"machine {uri} login debyard password {token}\n")
        );
}
