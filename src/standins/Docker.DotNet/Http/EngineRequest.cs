using System.Net;
using System.Text;

namespace Docker.DotNet.Http;

sealed record EngineRequest(HttpMethod Method, string Path)
{
    public Query Query { get; init; }

    public HttpContent Content { get; init; }

    public IEnumerable<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>What a 404 means here; null where it has no meaning of its own.</summary>
    public Func<HttpStatusCode, string, DockerApiException> NotFound { get; init; }

    /// <summary>Null: the client's default.</summary>
    public TimeSpan? Timeout { get; init; }

    public static HttpContent Json<T>(T value) => new StringContent(EngineJson.Serialize(value), Encoding.UTF8, "application/json");

    public static HttpContent Tar(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new StreamContent(stream) { Headers = { ContentType = new("application/x-tar") } };
    }
}
