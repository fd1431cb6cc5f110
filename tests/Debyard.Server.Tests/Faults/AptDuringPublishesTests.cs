using System.Net;
using System.Net.Sockets;

namespace Debyard.Server.Tests.Faults;

/// <summary>Real apt, never retrying, while the branch changes under it.</summary>
[Collection(nameof(OneAtATime))]
public sealed class AptDuringPublishesTests
{
    const int Updates = 6;

    [Fact]
    public async Task Apt_sees_no_mismatch_and_no_404_and_all_that_was_answered_while_others_publish()
    {
        await using var server = await RunningServer.StartAsync();
        await server.PutAsync("main", await SamplePackage.MakeAsync("package0"));
        var sources = await server.Http.GetStringAsync("main.sources");
        using var stop = new CancellationTokenSource();
        var answered = 0;

        var publishing = Task.Run(async () =>
        {
            for (var number = 1; !stop.IsCancellationRequested; number++)
            {
                Assert.Equal(
                    HttpStatusCode.Created,
                    (await server.PutAsync("main", await SamplePackage.MakeAsync($"package{number}"))).StatusCode
                );
                Volatile.Write(ref answered, number);
            }
        });
        try
        {
            await Task.WhenAll(
                Enumerable.Range(0, 2).Select(_ => UpdateAndDownloadAsync(sources, () => $"package{Volatile.Read(ref answered)}"))
            );
        }
        finally
        {
            await stop.CancelAsync();
            await publishing;
        }
        Assert.True(answered > Updates, $"only {answered} publishes while apt updated");
    }

    [Fact]
    public async Task A_slow_apt_gets_what_its_InRelease_promised_though_others_publish_between_its_requests()
    {
        await using var server = await RunningServer.StartAsync();
        await server.PutAsync("main", await SamplePackage.MakeAsync("wanted"));
        var number = 0;
        // Two publishes before each request but the first: its index is superseded, and so is the one after it.
        await using var proxy = new SlowProxy(
            server.Url,
            async () =>
            {
                for (var i = 0; i < 2; i++)
                    Assert.Equal(
                        HttpStatusCode.Created,
                        (await server.PutAsync("main", await SamplePackage.MakeAsync($"package{number++}"))).StatusCode
                    );
            }
        );
        using var apt = new AptClient(
            (await server.Http.GetStringAsync("main.sources")).Replace(server.Url.Authority, proxy.Url.Authority, StringComparison.Ordinal),
            "amd64"
        );

        await apt.RunAsync("-o", "Acquire::http::Pipeline-Depth=0", "update");
        await apt.RunAsync("-o", "Acquire::http::Pipeline-Depth=0", "download", "wanted");

        Assert.True(number >= 4, $"{number} publishes between apt's requests");
    }

    [Fact]
    public async Task Apt_finds_what_was_answered_though_the_server_is_killed_and_started_again()
    {
        using var root = PreparedSigningKey.NewRoot();
        var port = FreePort();
        var process = await ServerProcess.StartAsync(root.Path, port);
        try
        {
            await PutAsync(process, "package0");
            using var apt = new AptClient(await process.Http.GetStringAsync("main.sources"), "amd64");
            var answered = 0;
            for (var round = 1; round <= 4; round++)
            {
                // Killed with uploads on the way: of those, each is there or is not.
                var uploads = Enumerable
                    .Range(0, 8)
                    .Select(async writer =>
                    {
                        for (var number = 0; ; number++)
                        {
                            if (!await PutAsync(process, $"package-{round}-{writer}-{number}"))
                                return number;
                            Interlocked.Increment(ref answered);
                        }
                    })
                    .ToList();
                var wanted = answered + 10;
                while (Volatile.Read(ref answered) < wanted)
                    await Task.Yield();
                await process.KillAsync();
                var counts = await Task.WhenAll(uploads);
                process.Dispose();
                process = await ServerProcess.StartAsync(root.Path, port);

                await apt.RunAsync("update");
                await apt.RunAsync([
                    "download",
                    "package0",
                    .. counts.SelectMany(
                        (count, writer) => Enumerable.Range(0, count).Select(number => $"package-{round}-{writer}-{number}")
                    ),
                ]);
                await process.Http.AssertSoundAsync();
            }
            Assert.True(answered >= 40);
        }
        finally
        {
            process.Dispose();
        }
    }

    static async Task UpdateAndDownloadAsync(string sources, Func<string> answered)
    {
        using var apt = new AptClient(sources, "amd64");
        for (var i = 0; i < Updates; i++)
        {
            var package = answered();
            await apt.RunAsync("update");
            await apt.RunAsync("download", package, "package0");
        }
    }

    static async Task<bool> PutAsync(ServerProcess process, string name)
    {
        var package = await SamplePackage.MakeAsync(name);
        try
        {
            using var answer = await process.Http.PutAsync($"main/{package.FileName}", new ByteArrayContent(package.Bytes));
            return answer.StatusCode == HttpStatusCode.Created;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
