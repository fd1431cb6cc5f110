using System.Net;

namespace Debyard.Server.Tests;

[Trait("Needs", "Root")]
public sealed class FullDiskTests
{
    [Fact]
    public async Task A_full_disk_answers_507_and_leaves_the_branch_as_it_was()
    {
        using var disk = await SmallDisk.MountAsync();
        await using var server = await RepositoryServer.StartAsync(new() { Repository = new() { Root = disk.Path } }, default);
        using var http = new HttpClient { BaseAddress = server.Url };
        var package = await SamplePackage.MakeAsync();
        Assert.Equal(HttpStatusCode.Created, await PutAsync(package));
        var inRelease = await http.GetStringAsync("main/dists/stable/InRelease");
        var files = Files();
        // No byte of what arrives fits, then all but the indexes do.
        foreach (var free in new[] { 0, 24 })
        {
            disk.FillUpTo(free * 1024);
            Assert.Equal(
                HttpStatusCode.InsufficientStorage,
                await PutAsync(await SamplePackage.MakeAsync("other", content: new string('x', 100_000)))
            );
            disk.Clear();
            Assert.Equal(inRelease, await http.GetStringAsync("main/dists/stable/InRelease"));
            Assert.Equal(files, Files());
        }

        Assert.Equal(HttpStatusCode.Created, await PutAsync(await SamplePackage.MakeAsync("other")));

        async Task<HttpStatusCode> PutAsync(SamplePackage upload) =>
            (await http.PutAsync($"main/{upload.FileName}", new ByteArrayContent(upload.Bytes))).StatusCode;

        string[] Files() =>
            [
                .. Directory
                    .EnumerateFiles(disk.Path, "*", SearchOption.AllDirectories)
                    .Where(path => !path.Contains("/keys/", StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal),
            ];
    }

    /// <summary>A file system of 2 MiB in memory; mounting it takes root.</summary>
    sealed class SmallDisk : IDisposable
    {
        readonly TemporaryFolder folder = new();

        public string Path => folder.Path;

        public static async Task<SmallDisk> MountAsync()
        {
            var disk = new SmallDisk();
            await Tool.RunAsync("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.Path);
            return disk;
        }

        public void FillUpTo(long free)
        {
            using var filler = File.OpenWrite(System.IO.Path.Combine(Path, "filler"));
            while (new DriveInfo(Path).AvailableFreeSpace > free)
                filler.Write(new byte[4096]);
        }

        public void Clear() => File.Delete(System.IO.Path.Combine(Path, "filler"));

        public void Dispose()
        {
            Tool.RunAsync("umount", "--lazy", Path).GetAwaiter().GetResult();
            folder.Dispose();
        }
    }
}
