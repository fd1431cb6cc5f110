using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Debyard.Pipeline.Tests.Engine;

/// <summary>
/// A registry with one image, for one user. It is on loopback, where an engine speaks plain HTTP:
/// https://github.com/opencontainers/distribution-spec/blob/main/spec.md
/// </summary>
sealed class TestRegistry : IDisposable
{
    public const string User = "ürsula";
    public const string Password = "pass:word";

    const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";

    readonly Dictionary<string, byte[]> blobs = [];
    readonly byte[] manifest;
    readonly HttpListener listener = new();
    readonly int port = FreePort();
    readonly Task answers;
    readonly List<string> requests = [];

    /// <param name="label">A label of the image, so that it can be found and removed.</param>
    /// <param name="hasBlobs">False for a registry that has lost what its manifest lists: a pull begins well and fails then.</param>
    public TestRegistry((string Name, string Value) label, bool hasBlobs = true)
    {
        var layer = Layer();
        var configuration = Encoding.UTF8.GetBytes(
            $$"""
            {
              "architecture": "amd64", "os": "linux", "config": { "Labels": { "{{label.Name}}": "{{label.Value}}" } },
              "rootfs": { "type": "layers", "diff_ids": ["{{Digest(layer)}}"] }
            }
            """
        );
        var packed = Gzip(layer);
        manifest = Encoding.UTF8.GetBytes(
            $$"""
            {
              "schemaVersion": 2, "mediaType": "{{ManifestType}}",
              "config": {
                "mediaType": "application/vnd.docker.container.image.v1+json",
                "size": {{configuration.Length}}, "digest": "{{Digest(configuration)}}"
              },
              "layers": [{
                "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",
                "size": {{packed.Length}}, "digest": "{{Digest(packed)}}"
              }]
            }
            """
        );
        if (hasBlobs)
        {
            (blobs[Digest(configuration)], blobs[Digest(packed)]) = (configuration, packed);
        }
        listener.Prefixes.Add($"http://{Host}/");
        listener.Start();
        answers = AnswerAsync();
    }

    public string Host => $"127.0.0.1:{port}";

    /// <summary>What the image is called, without a tag.</summary>
    public string Image => $"{Host}/debyard.test";

    /// <summary>The requests so far that brought the right user and password.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (requests)
            {
                return [.. requests];
            }
        }
    }

    async Task AnswerAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            var path = context.Request.Url!.AbsolutePath;
            var (status, type, body) = IsUser(context.Request) ? Answer(path) : Refuse(context.Response);
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            context.Response.ContentLength64 = body.Length;
            context.Response.AddHeader("Docker-Distribution-Api-Version", "registry/2.0");
            context.Response.AddHeader("Docker-Content-Digest", Digest(body));
            if (context.Request.HttpMethod != "HEAD")
            {
                await context.Response.OutputStream.WriteAsync(body);
            }
            context.Response.Close();
        }
    }

    (int Status, string Type, byte[] Body) Answer(string path)
    {
        lock (requests)
        {
            requests.Add(path);
        }
        return path.Contains("/manifests/", StringComparison.Ordinal) ? (200, ManifestType, manifest)
            : !path.Contains("/blobs/", StringComparison.Ordinal) ? (200, "application/json", "{}"u8.ToArray())
            : blobs.TryGetValue(path.Split('/')[^1], out var blob) ? (200, "application/octet-stream", blob)
            : (404, "application/json", """{"errors":[{"code":"BLOB_UNKNOWN","message":"unknown blob"}]}"""u8.ToArray());
    }

    static (int Status, string Type, byte[] Body) Refuse(HttpListenerResponse response)
    {
        response.AddHeader("WWW-Authenticate", "Basic realm=\"test\"");
        return (401, "application/json", """{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}"""u8.ToArray());
    }

    static bool IsUser(HttpListenerRequest request) =>
        request.Headers["Authorization"] == "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));

    static byte[] Layer()
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "hello") { DataStream = new MemoryStream("hello\n"u8.ToArray()) });
        }
        return tar.ToArray();
    }

    static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }
        return packed.ToArray();
    }

    static string Digest(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        listener.Close();
        answers.Wait();
    }
}
