using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Debyard.Pipeline.Tests.Validation.Checks;

/// <summary>A service that gives one response to each connection, in order, and closes it.</summary>
public sealed class ScriptedService : IDisposable
{
    readonly TcpListener listener;
    readonly Task serving;

    /// <param name="responses">The bytes of each response, one character each; null: it keeps the connection and says nothing.</param>
    public ScriptedService(params IEnumerable<string?> responses)
        : this(IPAddress.Loopback, null, responses) { }

    public ScriptedService(IPAddress address, X509Certificate2? certificate, params IEnumerable<string?> responses)
    {
        listener = new TcpListener(address, 0);
        listener.Start();
        // Not on the test's own thread, which Dispose blocks.
        serving = Task.Run(() => ServeAsync(responses, certificate));
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>What came on each connection, up to an empty line.</summary>
    public List<string> Requests { get; } = [];

    public static string Http(string body, string status = "200 OK", string headers = "") =>
        $"HTTP/1.1 {status}\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    async Task ServeAsync(IEnumerable<string?> responses, X509Certificate2? certificate)
    {
        foreach (var response in responses)
        {
            using var connection = await listener.AcceptTcpClientAsync();
            try
            {
                Stream stream = connection.GetStream();
                if (certificate is not null)
                {
                    var encrypted = new SslStream(stream);
                    await encrypted.AuthenticateAsServerAsync(certificate);
                    stream = encrypted;
                }
                Requests.Add(await RequestAsync(stream));
                if (response is null)
                {
                    // Until the check ends the connection.
                    await stream.CopyToAsync(Stream.Null);
                }
                await stream.WriteAsync(Encoding.UTF8.GetBytes(response ?? ""));
                await stream.DisposeAsync();
            }
            catch (Exception end) when (end is IOException or System.Security.Authentication.AuthenticationException)
            {
                // The check ended the connection.
            }
        }
    }

    static async Task<string> RequestAsync(Stream stream)
    {
        var request = new StringBuilder();
        var length = 0;
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            request.Append(line).Append("\r\n");
            length = line.StartsWith("Content-Length: ", StringComparison.Ordinal) ? int.Parse(line[16..]) : length;
        }
        if (length > 0)
        {
            var body = new char[length];
            await reader.ReadBlockAsync(body);
            request.Append(body);
        }
        return request.ToString();
    }

    public void Dispose()
    {
        listener.Stop();
        try
        {
            serving.Wait();
        }
        catch (AggregateException end) when (end.InnerException is SocketException or ObjectDisposedException)
        {
            // The test ended before it needed all responses.
        }
    }
}
