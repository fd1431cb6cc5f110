using System.Net;
using System.Net.Sockets;
using System.Text;
using Debyard.Pipeline.Repository;

namespace Debyard.Pipeline.Tests;

sealed record Answer(int Status, string Body, string? RetryAfter = null, string ContentType = "application/json");

sealed record ReceivedRequest(string Method, string PathAndQuery, string? Authorization, string Body);

/// <summary>
/// An HTTP server on loopback that gives the answers in their order, then only errors, and keeps the requests.
/// </summary>
sealed class ScriptedServer : IDisposable
{
    readonly HttpListener listener = new();
    readonly Task serving;

    public ScriptedServer(params Answer[] answers)
    {
        // HttpListener does not take port 0.
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = new RepositoryAddress(new Uri($"http://{free.LocalEndpoint}/"), "stable", "main", Token: null);
        }
        listener.Prefixes.Add(Address.Server.ToString());
        listener.Start();
        serving = ServeAsync(answers);
    }

    public RepositoryAddress Address { get; }

    public List<ReceivedRequest> Requests { get; } = [];

    public void Dispose()
    {
        listener.Close();
        serving.Wait();
    }

    async Task ServeAsync(Answer[] answers)
    {
        try
        {
            foreach (var answer in answers.Concat(Enumerable.Repeat(new Answer(500, "{}"), int.MaxValue)))
            {
                var http = await listener.GetContextAsync();
                Requests.Add(
                    new ReceivedRequest(
                        http.Request.HttpMethod,
                        http.Request.Url!.PathAndQuery,
                        http.Request.Headers["Authorization"],
                        await new StreamReader(http.Request.InputStream).ReadToEndAsync()
                    )
                );
                http.Response.StatusCode = answer.Status;
                http.Response.ContentType = answer.ContentType;
                if (answer.RetryAfter is { } pause)
                {
                    http.Response.Headers["Retry-After"] = pause;
                }
                http.Response.Close(Encoding.UTF8.GetBytes(answer.Body), willBlock: true);
            }
        }
        catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }
}
