using System.Net;

namespace Docker.DotNet;

/// <summary>The engine answered with an error; <see cref="ResponseBody"/> is its JSON, <c>{"message": …}</c>.</summary>
public class DockerApiException(HttpStatusCode statusCode, string responseBody)
    : Exception($"Docker API responded with status code={statusCode}, response={responseBody}")
{
    public HttpStatusCode StatusCode { get; } = statusCode;

    public string ResponseBody { get; } = responseBody;
}

public class DockerContainerNotFoundException(HttpStatusCode statusCode, string responseBody)
    : DockerApiException(statusCode, responseBody);

public class DockerImageNotFoundException(HttpStatusCode statusCode, string body) : DockerApiException(statusCode, body);

public class DockerNetworkNotFoundException(HttpStatusCode statusCode, string responseBody) : DockerApiException(statusCode, responseBody);
