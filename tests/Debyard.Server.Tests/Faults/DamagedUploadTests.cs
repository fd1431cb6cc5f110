using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Debyard.Server.Tests.Faults;

public sealed class DamagedUploadTests
{
    [Fact]
    public async Task Each_of_a_thousand_damaged_uploads_is_refused_and_leaves_no_trace()
    {
        using var folder = PreparedSigningKey.NewRoot();
        using var log = new CapturedLog();
        await using var server = await RepositoryServer.StartAsync(
            new()
            {
                Repository = new() { Root = folder.Path },
                Logging = logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(log),
            },
            default
        );
        using var http = new HttpClient { BaseAddress = server.Url };
        var good = await SamplePackage.MakeAsync();
        using (
            var answer = await http.PutAsync(
                "main/data_1_all.deb",
                new ByteArrayContent((await SamplePackage.MakeAsync("data", "1", "all")).Bytes)
            )
        )
            Assert.True(answer.IsSuccessStatusCode);
        var before = Files(folder);
        var tried = 0;
        var taken = new ConcurrentBag<string>();

        await Parallel.ForEachAsync(
            DamagedUploads.All(good),
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (upload, cancellation) =>
            {
                var status = await SendAsync(server.Url, upload);
                Interlocked.Increment(ref tried);
                if (status / 100 != 4 && !(status == 0 && upload.Ending == Ending.CutShort))
                    taken.Add($"{upload.What}: {status}");
            }
        );

        Assert.True(taken.IsEmpty, string.Join('\n', taken));
        Assert.True(tried >= 1000, $"only {tried} were tried");
        Assert.Equal(before, Files(folder));
        Assert.Empty(log.Faults);
        using (var answer = await http.PutAsync($"main/{good.FileName}", new ByteArrayContent(good.Bytes)))
            Assert.True(answer.IsSuccessStatusCode);
        await http.AssertSoundAsync();
    }

    // Over a socket: HttpClient would mend the worst of them.
    static async Task<int> SendAsync(Uri url, DamagedUpload upload)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port);
        var stream = client.GetStream();
        var answer = ReadStatusAsync(stream);
        try
        {
            await stream.WriteAsync(
                Encoding.Latin1.GetBytes($"PUT {upload.Target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{upload.Headers}\r\n")
            );
            await stream.WriteAsync(upload.Body);
            if (upload.Ending == Ending.CutShort)
                client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception fault) when (fault is IOException or SocketException)
        {
            // Refused before all of it was sent; the answer says why.
        }
        return await answer;
    }

    static async Task<int> ReadStatusAsync(NetworkStream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        try
        {
            while (line.Length < 12 && await stream.ReadAsync(one) > 0)
                line.Append((char)one[0]);
        }
        catch (IOException)
        {
            // The server hung up; who cut his request short had to expect it.
        }
        return line.Length == 12 ? int.Parse(line.ToString(9, 3), System.Globalization.CultureInfo.InvariantCulture) : 0;
    }

    static string[] Files(TemporaryFolder folder) =>
        [
            .. Directory
                .EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories)
                .Where(path => !path.Contains("/keys/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>What is logged with an exception, or as a warning or worse.</summary>
    sealed class CapturedLog : ILoggerProvider
    {
        public ConcurrentQueue<string> Faults { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

        public void Dispose() { }

        sealed class Logger(CapturedLog log, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

            public void Log<TState>(
                LogLevel logLevel,
                EventId eventId,
                TState state,
                Exception? exception,
                Func<TState, Exception?, string> formatter
            )
            {
                // Kestrel tells at Debug what a client's bytes made of a connection.
                if (
                    logLevel >= LogLevel.Warning
                    || (exception is not null && !category.StartsWith("Microsoft.AspNetCore.Server.Kestrel", StringComparison.Ordinal))
                )
                    log.Faults.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {exception}");
            }
        }
    }
}
