using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Debyard.Server.Tests;

/// <summary>Holds every answer that any test gets to the OpenAPI document: the status is one it names, of the type it says.</summary>
sealed class DocumentedAnswers() : DelegatingHandler(new SocketsHttpHandler())
{
    public static JsonNode Document { get; } = Read();

    static readonly List<(Regex Path, JsonObject Methods)> paths =
    [
        .. Document["paths"]!.AsObject().Select(path => (Pattern(path.Key), path.Value!.AsObject())),
    ];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var (status, type) = ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType);
        var path = request.RequestUri!.AbsolutePath;
        // Kestrel's own, before there is a request: it has no body.
        if (status == 431)
            return response;
        if (status >= 400 && request.Method != HttpMethod.Head)
            Assert.Equal("application/problem+json", type);
        var method = request.Method == HttpMethod.Head ? "get" : request.Method.Method.ToLowerInvariant();
        var documented = paths
            .Where(route => route.Path.IsMatch(path))
            .Select(route => route.Methods[method])
            .FirstOrDefault(operation => operation is not null);
        if (documented is null)
        {
            Assert.True(status is 400 or 404 or 405, $"{request.Method} {path} is not in the document and was answered with {status}");
            return response;
        }
        var answer = documented["responses"]![$"{status}"];
        Assert.True(answer is not null, $"{request.Method} {path} was answered with {status}, which is not in the document");
        if (
            status < 300
            && answer["content"] is JsonObject content
            && !content.ContainsKey("application/octet-stream")
            && request.Method != HttpMethod.Head
        )
            Assert.Contains(type, content.Select(media => media.Key));
        return response;
    }

    static JsonNode Read()
    {
        using var stream = typeof(RepositoryServer).Assembly.GetManifestResourceStream("openapi.json")!;
        return JsonNode.Parse(stream)!;
    }

    // Only {path} holds slashes; the document's longest match comes first there as in routing.
    static Regex Pattern(string path) =>
        new(
            "^" + Regex.Replace(Regex.Escape(path).Replace("\\{path}", "(.+)"), @"\\\{\w+}", "([^/]+)") + "$",
            RegexOptions.CultureInvariant
        );
}
