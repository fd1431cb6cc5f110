using System.Diagnostics;
using System.Net;
using System.Text;
using Debyard.Tests;

namespace Debyard.Server.Tests;

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
                Assert.True(answer.StatusCode == HttpStatusCode.InternalServerError && said.Contains("read-only", StringComparison.Ordinal), $"{what}: {(int)answer.StatusCode} {said}");
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

        Task<HttpResponseMessage> PostAsync(string path, string json) => server.Http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));
    }

    /// <summary>
    /// A folder mounted over itself, read-only; doing so takes root. A file system cannot be made read-only beneath a server, which has its lock open
    /// for writing; what it opens by name from then on it finds read-only all the same.
    /// </summary>
    sealed class ReadOnly(string path) : IDisposable
    {
        public static async Task<ReadOnly> MakeAsync(string path)
        {
            await RunAsync("mount", "--bind", path, path);
            await RunAsync("mount", "-o", "remount,bind,ro", path);
            return new ReadOnly(path);
        }

        public void Dispose() => RunAsync("umount", "--lazy", path).GetAwaiter().GetResult();

        static async Task RunAsync(string command, params string[] arguments)
        {
            using var process = Process.Start(command, arguments);
            await process.WaitForExitAsync();
            Assert.Equal(0, process.ExitCode);
        }
    }
}
