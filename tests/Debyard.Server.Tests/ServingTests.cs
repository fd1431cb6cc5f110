using System.Net;
using System.Net.Http.Headers;

namespace Debyard.Server.Tests;

public sealed class ServingTests
{
    [Fact]
    public async Task A_package_is_served_in_full_in_part_and_not_twice()
    {
        await using var server = await RunningServer.StartAsync();
        var package = await SamplePackage.MakeAsync();
        await server.PutAsync("main", package);
        var path = $"main/{package.PoolPath}";

        using var whole = await server.Http.GetAsync(path);
        using var head = await server.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        using var part = await server.Http.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Range = new RangeHeaderValue(8, 15) } }
        );
        using var again = await server.Http.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { whole.Headers.ETag! } } }
        );

        Assert.Equal(package.Bytes, await whole.Content.ReadAsByteArrayAsync());
        Assert.Equal("public, max-age=31536000, immutable", whole.Headers.CacheControl?.ToString());
        Assert.Equal($"\"{package.Digests.Sha256.ToString()[..12]}\"", whole.Headers.ETag!.Tag);
        Assert.Equal(package.Bytes.Length, head.Content.Headers.ContentLength);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(package.Bytes[8..16], await part.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task A_package_larger_than_a_block_is_served_in_full()
    {
        await using var server = await RunningServer.StartAsync();
        var package = await SamplePackage.MakeAsync(content: Convert.ToHexString(Noise(500_000)));
        await server.PutAsync("main", package);

        Assert.Equal(package.Bytes, await server.Http.GetByteArrayAsync($"main/{package.PoolPath}"));

        static byte[] Noise(int size)
        {
            var noise = new byte[size];
            new Random(size).NextBytes(noise);
            return noise;
        }
    }

    [Fact]
    public async Task InRelease_is_the_same_for_every_kind_of_request_and_from_the_cache()
    {
        await using var server = await RunningServer.StartAsync();
        await server.PutAsync("main", await SamplePackage.MakeAsync());
        const string path = "main/dists/stable/InRelease";
        using var first = await server.Http.GetAsync(path);
        var content = await first.Content.ReadAsByteArrayAsync();

        using var second = await server.Http.GetAsync(path);
        using var head = await server.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        using var part = await server.Http.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Range = new RangeHeaderValue(5, 9) } }
        );
        using var again = await server.Http.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { first.Headers.ETag! } } }
        );

        Assert.Equal(content, await second.Content.ReadAsByteArrayAsync());
        Assert.Equal(content[5..10], await part.Content.ReadAsByteArrayAsync());
        Assert.Equal((HttpStatusCode.PartialContent, HttpStatusCode.NotModified), (part.StatusCode, again.StatusCode));
        foreach (var answer in new[] { second, head })
            Assert.Equal(
                (
                    "no-cache",
                    "text/plain; charset=utf-8",
                    content.LongLength,
                    first.Headers.ETag,
                    first.Content.Headers.LastModified,
                    "bytes"
                ),
                (
                    answer.Headers.CacheControl?.ToString(),
                    answer.Content.Headers.ContentType?.ToString(),
                    answer.Content.Headers.ContentLength,
                    answer.Headers.ETag,
                    answer.Content.Headers.LastModified,
                    answer.Headers.AcceptRanges.ToString()
                )
            );
    }

    [Fact]
    public async Task A_replaced_index_can_be_fetched_by_hash_for_a_day_and_no_longer()
    {
        var clock = new Clock();
        await using var server = await RunningServer.StartAsync(clock);
        await server.PutAsync("main", await SamplePackage.MakeAsync("one"));
        var old = Debian.Digests.FileDigests.ComputeAsync(
            await server.Http.GetStreamAsync("main/dists/stable/main/binary-amd64/Packages.xz")
        );
        var path = $"main/dists/stable/main/binary-amd64/by-hash/SHA256/{(await old).Sha256}";
        clock.Advance(TimeSpan.FromDays(30));

        await server.PutAsync("main", await SamplePackage.MakeAsync("two"));
        clock.Advance(TimeSpan.FromHours(23));
        await server.PutAsync("main", await SamplePackage.MakeAsync("three"));
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync(path)).StatusCode);

        clock.Advance(TimeSpan.FromHours(2));
        await server.PutAsync("main", await SamplePackage.MakeAsync("four"));
        await server.RestartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync(path)).StatusCode);
        Assert.Equal(4, (await server.ListedAsync("main")).Length);
    }

    [Fact]
    public async Task Every_file_in_Release_has_the_listed_digest_also_by_hash()
    {
        await using var server = await RunningServer.StartAsync();
        await server.PutAsync("main", await SamplePackage.MakeAsync(architecture: "musl64"));

        var release = Debian.Indexes.ReleaseFile.Parse(await server.Http.GetStringAsync("main/dists/stable/Release"));

        Assert.Equal(["amd64", "arm64", "musl64"], release.Architectures.Select(architecture => architecture.ToString()));
        foreach (var file in release.Files.Where(file => Path.HasExtension(file.Path)))
        foreach (var path in new[] { file.Path, $"{Path.GetDirectoryName(file.Path)}/by-hash/SHA256/{file.Sha256}" })
        {
            var digests = await Debian.Digests.FileDigests.ComputeAsync(await server.Http.GetStreamAsync($"main/dists/stable/{path}"));
            Assert.Equal((file.Size, file.Sha256), (digests.Size, digests.Sha256));
        }
    }

    [Fact]
    public async Task The_server_reports_its_health_and_lists_its_branches()
    {
        await using var server = await RunningServer.StartAsync();
        await server.PutAsync("main", await SamplePackage.MakeAsync());

        Assert.Equal("ok\n", await server.Http.GetStringAsync("healthz"));
        Assert.Contains(new Uri(server.Url, "main.sources").ToString(), await server.Http.GetStringAsync(""));
        Assert.StartsWith(
            $"Types: deb\nURIs: {server.Url}main/\nSuites: stable\nComponents: main\nSigned-By:\n -----BEGIN PGP",
            await server.Http.GetStringAsync("main.sources")
        );
        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync("feature-x.sources")).StatusCode);
    }
}
