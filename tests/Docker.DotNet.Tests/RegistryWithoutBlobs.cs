using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Docker.DotNet.Tests;

/// <summary>
/// A registry on loopback, where an engine speaks plain HTTP, that has every manifest and no blob: a pull begins well and fails then.
/// </summary>
sealed class RegistryWithoutBlobs : IDisposable
{
    const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";

    static readonly byte[] Manifest = Encoding.UTF8.GetBytes(
        $$"""
        {
          "schemaVersion": 2,
          "mediaType": "{{ManifestType}}",
          "config": { "mediaType": "application/vnd.docker.container.image.v1+json", "size": 2, "digest": "sha256:{{new string(
            'a',
            64
        )}}" },
          "layers": [{ "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "size": 2, "digest": "sha256:{{new string(
            'b',
            64
        )}}" }]
        }
        """
    );

    readonly HttpListener listener = new();
    readonly int port = FreePort();
    readonly Task answers;

    public RegistryWithoutBlobs()
    {
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        answers = AnswerAsync();
    }

    public string Image => $"127.0.0.1:{port}/debyard.test";

    async Task AnswerAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            var path = context.Request.Url!.AbsolutePath;
            var (status, type, body) =
                path.Contains("/manifests/", StringComparison.Ordinal) ? (200, ManifestType, Manifest)
                : path.Contains("/blobs/", StringComparison.Ordinal)
                    ? (404, "application/json", """{"errors":[{"code":"BLOB_UNKNOWN","message":"unknown blob"}]}"""u8.ToArray())
                : (200, "application/json", "{}"u8.ToArray());
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            context.Response.ContentLength64 = body.Length;
            context.Response.AddHeader("Docker-Content-Digest", "sha256:" + Convert.ToHexStringLower(SHA256.HashData(body)));
            if (context.Request.HttpMethod != "HEAD")
                await context.Response.OutputStream.WriteAsync(body);
            context.Response.Close();
        }
    }

    static int FreePort()
    {
        using var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        listener.Close();
        answers.Wait();
    }
}
