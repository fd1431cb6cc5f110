using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Debyard.Server.Configuration;

namespace Debyard.Server.Tests;

/// <summary>A server on a folder of its own, asked through HTTP.</summary>
sealed class RunningServer : IAsyncDisposable
{
    readonly TemporaryFolder folder;
    readonly ServerOptions options;
    RepositoryServer server;

    RunningServer(TemporaryFolder folder, ServerOptions options, RepositoryServer server) =>
        (this.folder, this.options, this.server, Http) = (folder, options, server, Client(server));

    public HttpClient Http { get; private set; }

    public string Root => folder.Path;

    public Uri Url => server.Url;

    public IEnumerable<string> Routes => server.Routes;

    /// <summary>Stops, finishing what is in flight; another can start on the folder.</summary>
    public ValueTask StopAsync() => server.DisposeAsync();

    public static Task<RunningServer> StartAsync(TimeProvider? time = null) =>
        StartAsync(
            new ServerOptions
            {
                Repository = new() { Root = "", Time = time ?? TimeProvider.System },
            }
        );

    /// <summary>With these options, on a root of its own.</summary>
    public static async Task<RunningServer> StartAsync(ServerOptions options)
    {
        var folder = PreparedSigningKey.NewRoot();
        options = options with { Repository = options.Repository with { Root = folder.Path } };
        return new RunningServer(folder, options, await RepositoryServer.StartAsync(options, default));
    }

    public async Task RestartAsync()
    {
        Http.Dispose();
        await server.DisposeAsync();
        server = await RepositoryServer.StartAsync(options, default);
        Http = Client(server);
    }

    public async Task<HttpResponseMessage> ProbeAsync(string branch, SamplePackage package, string? fileName = null, string? sha256 = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"{branch}/{fileName ?? package.FileName}");
        request.Headers.Add("X-Sha256", sha256 ?? package.Digests.Sha256.ToString());
        request.Headers.Add("X-Size", $"{package.Digests.Size}");
        return await Http.SendAsync(request);
    }

    public Task<HttpResponseMessage> PutAsync(string branch, SamplePackage package, string query = "") =>
        Http.PutAsync($"{branch}/{package.FileName}{query}", new ByteArrayContent(package.Bytes));

    /// <summary>Each file's outcome, in order.</summary>
    public async Task<string[]> BatchAsync(string branch, params SamplePackage[] packages)
    {
        using var response = await Http.PostAsJsonAsync(
            $"{branch}/",
            new
            {
                files = packages.Select(package => new
                {
                    name = package.FileName,
                    size = package.Digests.Size,
                    md5 = package.Digests.Md5,
                    sha1 = package.Digests.Sha1,
                    sha256 = package.Digests.Sha256,
                }),
            }
        );
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var answer = await response.Content.ReadFromJsonAsync<JsonNode>();
        Assert.Equal(packages.Select(package => package.FileName), answer!["files"]!.AsArray().Select(file => (string?)file!["name"]));
        return [.. answer["files"]!.AsArray().Select(file => (string)file!["outcome"]!)];
    }

    public Task<string> InReleaseAsync(string branch) => Http.GetStringAsync($"{branch}/dists/stable/InRelease");

    public async Task<DateTimeOffset?> LastModifiedAsync(string branch)
    {
        using var response = await Http.GetAsync($"{branch}/dists/stable/InRelease");
        return response.Content.Headers.LastModified;
    }

    /// <summary>True if a client that has the InRelease of that date gets another one.</summary>
    public async Task<bool> IsModifiedSinceAsync(string branch, DateTimeOffset? date)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{branch}/dists/stable/InRelease")
        {
            Headers = { IfModifiedSince = date },
        };
        using var response = await Http.SendAsync(request);
        return response.StatusCode != HttpStatusCode.NotModified;
    }

    public async Task<JsonNode> JsonAsync(
        HttpMethod method,
        string path,
        object? body = null,
        HttpStatusCode expected = HttpStatusCode.OK,
        string? project = null
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (project is not null)
            request.Headers.Add("X-Debyard-Project", project);
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    public Task<JsonNode> GetAsync(string path) => JsonAsync(HttpMethod.Get, path);

    /// <summary>Deletes files that nothing refers to, as the server does from time to time.</summary>
    public Task<long> CollectGarbageAsync() => server.CollectGarbageAsync();

    /// <summary>The file names an architecture's index lists, sorted.</summary>
    public async Task<string[]> ListedAsync(string branch, string architecture = "amd64")
    {
        await using var compressed = await Http.GetStreamAsync($"{branch}/dists/stable/main/binary-{architecture}/Packages.gz");
        using var reader = new StreamReader(Debian.Compression.GZip.Decompress(compressed));
        return
        [
            .. Debian
                .Control.Stanza.ParseAll(reader)
                .Select(stanza => Debian.Names.DebFileName.For(stanza).ToString())
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Every file below the root but the keys.</summary>
    public string[] Files() =>
        [
            .. Directory
                .EnumerateFiles(Root, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Root, path))
                .Where(path => !path.StartsWith(".debyard/keys/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await server.DisposeAsync();
        folder.Dispose();
    }

    static HttpClient Client(RepositoryServer server) => new(new DocumentedAnswers()) { BaseAddress = server.Url };
}
