using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Debyard.Server.Tests;

[Trait("Needs", "Root")]
public sealed class ReadOnlyDiskTests
{
    [Fact]
    public async Task A_disk_that_becomes_read_only_answers_500_with_the_reason_serves_on_and_takes_all_again_once_it_is_not()
    {
        var clock = new Clock();
        await using var server = await RunningServer.StartAsync(clock);
        var package = await SamplePackage.MakeAsync();
        await server.PutAsync("main", package);
        await server.PutAsync("feature-x", await SamplePackage.MakeAsync("other"));
        var (inRelease, files) = (await server.InReleaseAsync("main"), server.Files());
        var added = await SamplePackage.MakeAsync("added");
        (string What, Func<Task<HttpResponseMessage>> Ask)[] changes =
        [
            ("upload", () => server.PutAsync("main", added)),
            ("upload for later", () => server.PutAsync("main", added, "?publish=later")),
            ("birth", () => server.PutAsync("feature-y", added)),
            ("promotion", () => PostAsync("api/branches/main/promote", """{"from":"feature-x","packages":["other"]}""")),
            ("deletion", () => server.Http.DeleteAsync($"main/{package.FileName}")),
            ("retirement", () => server.Http.DeleteAsync("api/branches/feature-x")),
        ];

        using (await ReadOnly.MakeAsync(server.Root))
        {
            foreach (var (what, ask) in changes)
            {
                using var answer = await ask();
                var said = await answer.Content.ReadAsStringAsync();
                Assert.True(
                    answer.StatusCode == HttpStatusCode.InternalServerError && said.Contains("read-only", StringComparison.Ordinal),
                    $"{what}: {(int)answer.StatusCode} {said}"
                );
            }
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Http.GetAsync("readyz")).StatusCode);
            Assert.Equal(inRelease, await server.InReleaseAsync("main"));
            Assert.Equal(package.Bytes, await server.Http.GetByteArrayAsync($"main/{package.FileName}"));
        }
        Assert.Equal(inRelease, await server.InReleaseAsync("main"));
        Assert.Equal(files, server.Files());

        foreach (var (what, ask) in changes)
        {
            using var answer = await ask();
            Assert.True(answer.IsSuccessStatusCode, $"{what}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
        // It looks now and then.
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("readyz")).StatusCode);

        Task<HttpResponseMessage> PostAsync(string path, string json) =>
            server.Http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));
    }

    [Fact]
    public async Task An_upload_whose_disk_becomes_read_only_in_the_middle_of_its_body_leaves_the_branch_as_it_was()
    {
        await using var server = await RunningServer.StartAsync();
        await server.PutAsync("main", await SamplePackage.MakeAsync());
        var (inRelease, files) = (await server.InReleaseAsync("main"), server.Files());
        var cut = await SamplePackage.MakeAsync("cut", content: new string('x', 100_000));
        using var client = new TcpClient();
        await client.ConnectAsync(server.Url.Host, server.Url.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"PUT /main/{cut.FileName} HTTP/1.1\r\nHost: x\r\nContent-Length: {cut.Bytes.Length}\r\n"
                    + "Connection: close\r\nExpect: 100-continue\r\n\r\n"
            )
        );
        // The server asks for the body once there is a file to put it into.
        await stream.ReadExactlyAsync(new byte["HTTP/1.1 100 Continue\r\n\r\n".Length]);
        await stream.WriteAsync(cut.Bytes.AsMemory(..100));

        using (await ReadOnly.MakeAsync(server.Root))
        {
            await stream.WriteAsync(cut.Bytes.AsMemory(100..));
            var answer = await new StreamReader(stream).ReadToEndAsync();
            Assert.StartsWith("HTTP/1.1 500 ", answer);
            Assert.Contains("read-only", answer);
            Assert.Equal(inRelease, await server.InReleaseAsync("main"));
        }

        // Of a read-only disk not even what arrived can be taken away: the next start does.
        Assert.Equal(files, server.Files().Where(path => !path.StartsWith(".debyard/temporary/", StringComparison.Ordinal)));
        await server.RestartAsync();
        Assert.Equal(files, server.Files());
        Assert.Equal(HttpStatusCode.Created, (await server.PutAsync("main", cut)).StatusCode);
    }

    /// <summary>
    /// A folder mounted over itself, read-only; mounting needs root. The file system itself cannot become read-only, because the
    /// server has its lock open for writing; but every file that the server opens by name from then on is read-only.
    /// </summary>
    sealed class ReadOnly(string path) : IDisposable
    {
        public static async Task<ReadOnly> MakeAsync(string path)
        {
            await Tool.RunAsync("mount", "--bind", path, path);
            await Tool.RunAsync("mount", "-o", "remount,bind,ro", path);
            return new ReadOnly(path);
        }

        public void Dispose() => Tool.RunAsync("umount", "--lazy", path).GetAwaiter().GetResult();
    }
}
