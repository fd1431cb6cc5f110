using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Debyard.Server.Tests;

/// <summary>RFC 9110, 13: conditional requests, as apt, proxies and curl send them.</summary>
public sealed class ConditionalRequestTests : IAsyncLifetime
{
    const string InRelease = "main/dists/stable/InRelease";

    readonly Clock clock = new();
    RunningServer server = null!;
    SamplePackage package = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(clock);
        package = await SamplePackage.MakeAsync();
        await server.PutAsync("main", package);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Every_publish_can_be_told_from_the_one_before_within_one_second_and_when_the_clock_steps_back()
    {
        var seen = await LastModifiedAsync();

        foreach (
            var (name, step) in new[]
            {
                ("two", TimeSpan.Zero),
                ("three", TimeSpan.FromMilliseconds(300)),
                ("four", TimeSpan.FromHours(-1)),
                ("five", TimeSpan.Zero),
            }
        )
        {
            clock.Advance(step);
            await server.PutAsync("main", await SamplePackage.MakeAsync(name));
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(seen)).StatusCode);
            Assert.Contains($"Package: {name}\n", await PackagesAsync());

            // As long as a file is young, no date gets a 304, not even its own.
            seen = await LastModifiedAsync();
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(seen)).StatusCode);
            Assert.True(seen <= clock.GetUtcNow(), $"{seen} is in the future");
        }
        // apt refuses a date that is more than 10 s in the future, so the time before the step does not stay.
        Assert.Contains("\nDate: Sun, 01 Mar 2026 11:00:00 UTC\n", await server.InReleaseAsync("main"));

        // A young file has no date of its own yet, so the client asks once more.
        clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(seen)).StatusCode);
        seen = await LastModifiedAsync();
        Assert.Equal(HttpStatusCode.NotModified, (await AskAsync(seen)).StatusCode);
    }

    [Theory]
    [InlineData(-10, "Sun, 01 Mar 2026 12:00:00 UTC")]
    [InlineData(-11, "Sun, 01 Mar 2026 11:59:49 UTC")]
    [InlineData(-100_000_000, "Fri, 30 Dec 2022 02:13:20 UTC")]
    public async Task A_date_from_a_wrong_clock_is_carried_over_only_as_far_as_apt_tolerates(int step, string date)
    {
        await server.PutAsync("main", await SamplePackage.MakeAsync("before"));
        clock.Advance(TimeSpan.FromSeconds(step));

        await server.PutAsync("main", await SamplePackage.MakeAsync("after"));

        Assert.Contains($"\nDate: {date}\n", await server.InReleaseAsync("main"));
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(3600)]
    public async Task A_date_is_answered_304_only_once_the_file_is_five_seconds_old(double age)
    {
        Set(clock.GetUtcNow() - TimeSpan.FromSeconds(age));

        var lastModified = await LastModifiedAsync();

        Assert.Equal(age >= 5 ? HttpStatusCode.NotModified : HttpStatusCode.OK, (await AskAsync(lastModified)).StatusCode);
        Assert.Equal(clock.GetUtcNow().AddSeconds(-Math.Max(age, 5)), lastModified);
    }

    [Fact]
    public async Task A_client_that_saw_the_first_of_two_files_with_one_date_gets_the_second()
    {
        Set(clock.GetUtcNow().AddMilliseconds(100));
        var seen = await LastModifiedAsync();

        Replace(clock.GetUtcNow().AddMilliseconds(900));
        clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(seen)).StatusCode);
    }

    [Fact]
    public async Task A_file_older_than_the_one_that_the_client_has_is_sent()
    {
        Set(clock.GetUtcNow().AddHours(-1));
        var seen = await LastModifiedAsync();

        Set(clock.GetUtcNow().AddHours(-2));

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(seen)).StatusCode);
    }

    [Fact]
    public async Task The_ETag_gets_304_at_once_and_differs_for_two_files_of_one_size_and_date()
    {
        Set(clock.GetUtcNow());
        var first = await ETagAsync();
        Assert.Equal(HttpStatusCode.NotModified, (await AskAsync(ifNoneMatch: first)).StatusCode);
        // Even beside a date that does not match.
        Assert.Equal(HttpStatusCode.NotModified, (await AskAsync(DateTimeOffset.UnixEpoch, first)).StatusCode);

        Replace(clock.GetUtcNow());

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(ifNoneMatch: first)).StatusCode);
        Assert.NotEqual(first, await ETagAsync());
        // The date alone would be 304.
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(await LastModifiedAsync(), first)).StatusCode);
    }

    [Theory]
    [InlineData(InRelease)]
    [InlineData("main/dists/stable/main/binary-amd64/Packages.gz")]
    [InlineData("POOL")]
    public async Task A_part_is_sent_only_if_If_Range_names_exactly_this_file(string path)
    {
        path = path.Replace("POOL", $"main/{package.PoolPath}", StringComparison.Ordinal);
        File.SetLastWriteTimeUtc(Path.Combine(server.Root, path), clock.GetUtcNow().UtcDateTime);
        clock.Advance(TimeSpan.FromHours(1));
        using var whole = await server.Http.GetAsync(path);
        var (content, etag, date) = (
            await whole.Content.ReadAsByteArrayAsync(),
            whole.Headers.ETag!.Tag,
            whole.Content.Headers.LastModified!.Value
        );

        foreach (var same in new[] { etag, Http(date), null })
            await AssertAsync(HttpStatusCode.PartialContent, content[4..], same);
        foreach (
            var other in new[] { Http(date.AddSeconds(1)), Http(date.AddSeconds(-1)), "\"other\"", $"W/{etag}", "no date", etag.Trim('"') }
        )
            await AssertAsync(HttpStatusCode.OK, content, other);

        async Task AssertAsync(HttpStatusCode status, byte[] expected, string? ifRange)
        {
            var answer = await ResumeAsync(path, ifRange);
            Assert.Equal(status, answer.Status);
            Assert.Equal(expected, answer.Content);
        }
    }

    [Fact]
    public async Task A_young_file_is_not_resumed_by_its_date_unless_its_path_names_its_content()
    {
        Set(clock.GetUtcNow());
        var pool = $"main/{package.PoolPath}";
        File.SetLastWriteTimeUtc(Path.Combine(server.Root, pool), clock.GetUtcNow().UtcDateTime);

        Assert.Equal(HttpStatusCode.OK, (await ResumeAsync(InRelease, Http(await LastModifiedAsync()))).Status);
        Assert.Equal(HttpStatusCode.OK, (await ResumeAsync(InRelease, Http(clock.GetUtcNow()))).Status);
        Assert.Equal(HttpStatusCode.PartialContent, (await ResumeAsync(pool, Http(clock.GetUtcNow()))).Status);
    }

    string PathOnDisk => Path.Combine(server.Root, InRelease);

    void Set(DateTimeOffset modified) => File.SetLastWriteTimeUtc(PathOnDisk, modified.UtcDateTime);

    // As a publish does it: a new file, renamed over the old one.
    void Replace(DateTimeOffset modified)
    {
        var next = Path.Combine(server.Root, "next");
        File.Copy(PathOnDisk, next);
        File.SetLastWriteTimeUtc(next, modified.UtcDateTime);
        File.Move(next, PathOnDisk, overwrite: true);
    }

    async Task<DateTimeOffset> LastModifiedAsync() => (await server.LastModifiedAsync("main"))!.Value;

    async Task<string> ETagAsync()
    {
        using var response = await server.Http.GetAsync(InRelease);
        return response.Headers.ETag!.Tag;
    }

    async Task<string> PackagesAsync()
    {
        await using var compressed = await server.Http.GetStreamAsync("main/dists/stable/main/binary-amd64/Packages.gz");
        using var reader = new StreamReader(Debian.Compression.GZip.Decompress(compressed));
        return await reader.ReadToEndAsync();
    }

    async Task<HttpResponseMessage> AskAsync(DateTimeOffset? ifModifiedSince = null, string? ifNoneMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, InRelease) { Headers = { IfModifiedSince = ifModifiedSince } };
        if (ifNoneMatch is not null)
            request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(ifNoneMatch));
        return await server.Http.SendAsync(request);
    }

    async Task<(HttpStatusCode Status, byte[] Content)> ResumeAsync(string path, string? ifRange)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Range = new RangeHeaderValue(4, null) } };
        if (ifRange is not null)
            request.Headers.TryAddWithoutValidation("If-Range", ifRange);
        using var response = await server.Http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync());
    }

    static string Http(DateTimeOffset date) => date.ToString("R", CultureInfo.InvariantCulture);
}
