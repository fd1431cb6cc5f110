namespace Debyard.Pipeline.Repository;

/// <summary>A file for <c>/etc/apt/auth.conf.d</c>.</summary>
public static class AptCredentials
{
    /// <summary>
    /// The token for the addresses of a <c>.sources</c> file, and no other. apt_auth.conf(5): without its scheme an entry is for https
    /// only; servers that take tokens ignore the login.
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
                .Select(address => $"machine {address} login debyard password {token}\n")
        );
}
