using System.Text;
using System.Text.Json;

namespace Debyard.Pipeline.Engine;

/// <summary>The credentials for a registry; all null for anonymous access.</summary>
public sealed record RegistryCredentials(string? Username = null, string? Password = null, string? IdentityToken = null)
{
    /// <summary>Why the configured credentials could not be read; null if they were read, or if none are configured.</summary>
    public string? Problem { get; init; }
}

/// <summary>
/// The credentials in the user's Docker configuration, as <c>docker login</c> writes them:
/// https://docs.docker.com/reference/cli/docker/login/#credential-stores
/// </summary>
/// <param name="file"><c>config.json</c>; it need not exist.</param>
public sealed class DockerConfiguration(string file)
{
    // docker login stores the credentials for Docker Hub under this key, whichever name the user gave.
    const string DockerHubKey = "https://index.docker.io/v1/";

    /// <summary>The file in <c>DOCKER_CONFIG</c>, or in <c>.docker</c> in the home folder.</summary>
    public static DockerConfiguration OfUser =>
        new(
            Path.Combine(
                Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } folder
                    ? folder
                    : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker"),
                "config.json"
            )
        );

    /// <summary>The name of a registry in the configuration and in requests to the engine.</summary>
    public static string KeyOf(string registry) => registry == ImageReference.DockerHub ? DockerHubKey : registry;

    /// <summary>
    /// Finds the credentials for a registry: from the registry's own helper, else from the common store, else from the file. If they cannot
    /// be read, it continues without credentials, as docker does, because public images need none.
    /// </summary>
    public async Task<RegistryCredentials> FindAsync(string registry, CancellationToken cancellation)
    {
        try
        {
            var key = KeyOf(registry);
            var content = await ReadAsync(cancellation);
            var store = content.CredHelpers?.GetValueOrDefault(key) ?? content.CredsStore;
            return string.IsNullOrEmpty(store)
                ? FromFile(content.Auths ?? [], key)
                : await new CredentialHelper(store).GetAsync(key, cancellation);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or IOException or UnauthorizedAccessException)
        {
            return new RegistryCredentials { Problem = $"{file} cannot be read: {exception.Message}" };
        }
        catch (PipelineException exception)
        {
            return new RegistryCredentials { Problem = $"{exception.Message} ({file} names it)" };
        }
    }

    async Task<Content> ReadAsync(CancellationToken cancellation)
    {
        if (!File.Exists(file))
        {
            return new Content(null, null, null);
        }
        await using var stream = File.OpenRead(file);
        return await JsonSerializer.DeserializeAsync<Content>(stream, JsonSerializerOptions.Web, cancellation)
            ?? new Content(null, null, null);
    }

    static RegistryCredentials FromFile(Dictionary<string, Login> logins, string key)
    {
        // Old configurations have https://registry.example.com/v1/ instead of only the host.
        var login = logins.GetValueOrDefault(key) ?? logins.FirstOrDefault(entry => HostOf(entry.Key) == key).Value;
        if (login is null)
        {
            return new RegistryCredentials();
        }
        if (string.IsNullOrEmpty(login.Auth))
        {
            return new RegistryCredentials(login.Username, login.Password, login.IdentityToken);
        }
        var decoded = Encoding.UTF8.GetString(Convert.FromBase64String(login.Auth));
        return decoded.Split(':', 2) is [var username, var password]
            ? new RegistryCredentials(username, password.Trim('\0'), login.IdentityToken)
            : throw new FormatException($"the 'auth' of {key} is not 'user:password' in base64");
    }

    static string HostOf(string address)
    {
        var scheme = address.IndexOf("://", StringComparison.Ordinal);
        return (scheme < 0 ? address : address[(scheme + 3)..]).Split('/')[0];
    }

    sealed record Content(Dictionary<string, Login>? Auths, string? CredsStore, Dictionary<string, string>? CredHelpers);

    sealed record Login(string? Auth, string? IdentityToken, string? Username, string? Password);
}
