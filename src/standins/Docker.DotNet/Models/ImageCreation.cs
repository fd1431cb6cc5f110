using System.Text.Json.Serialization;

namespace Docker.DotNet.Models;

public class ImagesCreateParameters
{
    public string FromImage { get; set; }

    /// <summary>Set to <c>-</c> when a stream is imported.</summary>
    public string FromSrc { get; set; }

    public string Repo { get; set; }

    public string Tag { get; set; }

    public string Message { get; set; }

    /// <summary>Dockerfile instructions for an import, such as <c>LABEL</c> and <c>CMD</c>.</summary>
    public IList<string> Changes { get; set; }

    public string Platform { get; set; }

    /// <summary>Not sent; the registry's credentials are a parameter of the call.</summary>
    public AuthConfig RegistryAuth { get; set; }
}

public class AuthConfig
{
    [JsonPropertyName("username")]
    public string Username { get; set; }

    [JsonPropertyName("password")]
    public string Password { get; set; }

    [JsonPropertyName("auth")]
    public string Auth { get; set; }

    [JsonPropertyName("email")]
    public string Email { get; set; }

    [JsonPropertyName("serveraddress")]
    public string ServerAddress { get; set; }

    [JsonPropertyName("identitytoken")]
    public string IdentityToken { get; set; }

    [JsonPropertyName("registrytoken")]
    public string RegistryToken { get; set; }
}

/// <summary>One message of a build, pull or import.</summary>
public class JSONMessage
{
    public string Stream { get; set; }

    public string Status { get; set; }

    [JsonPropertyName("progressDetail")]
    public JSONProgress Progress { get; set; }

    [JsonPropertyName("progress")]
    public string ProgressMessage { get; set; }

    public string ID { get; set; }

    public string From { get; set; }

    public DateTime Time { get; set; }

    public long TimeNano { get; set; }

    [JsonPropertyName("errorDetail")]
    public JSONError Error { get; set; }

    [JsonPropertyName("error")]
    public string ErrorMessage { get; set; }
}

public class JSONError
{
    public long Code { get; set; }

    public string Message { get; set; }
}

public class JSONProgress
{
    public long Current { get; set; }

    public long Total { get; set; }

    public long Start { get; set; }

    public bool HideCounts { get; set; }

    public string Units { get; set; }
}
