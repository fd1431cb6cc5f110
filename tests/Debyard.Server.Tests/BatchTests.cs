using System.Net;

namespace Debyard.Server.Tests;

public sealed class BatchTests
{
    [Fact]
    public async Task Each_file_is_answered_in_order_after_one_publish()
    {
        var clock = new Clock();
        await using var server = await RunningServer.StartAsync(clock);
        var (known, own, unknown) = (
            await SamplePackage.MakeAsync("known"),
            await SamplePackage.MakeAsync("own"),
            await SamplePackage.MakeAsync("unknown")
        );
        await server.PutAsync("other", known);
        await server.PutAsync("main", own);
        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(
            ["missing", "linked", "present", "conflict"],
            await server.BatchAsync("main", unknown, known, own, await SamplePackage.MakeAsync("own", content: "other"))
        );

        Assert.Equal([known.FileName, own.FileName], await server.ListedAsync("main"));
        var published = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(published, await server.LastModifiedAsync("main"));
    }

    [Fact]
    public async Task Uploads_for_later_are_published_together_by_the_closing_batch()
    {
        await using var server = await RunningServer.StartAsync();
        var (one, two) = (await SamplePackage.MakeAsync("one"), await SamplePackage.MakeAsync("two"));
        Assert.Equal(["missing", "missing"], await server.BatchAsync("main", one, two));

        Assert.Equal(HttpStatusCode.Created, (await server.PutAsync("main", one, "?publish=later")).StatusCode);
        Assert.Equal(["present", "missing"], await server.BatchAsync("main", one, two));
        Assert.Equal(HttpStatusCode.Created, (await server.PutAsync("main", two, "?publish=later")).StatusCode);
        Assert.Empty(await server.ListedAsync("main"));

        Assert.Equal(["present", "present"], await server.BatchAsync("main", one, two));
        Assert.Equal([one.FileName, two.FileName], await server.ListedAsync("main"));
        Assert.DoesNotContain(server.Files(), file => file.Contains("/.pending/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_kept_for_later_outlives_a_restart_and_an_empty_batch_publishes_it()
    {
        await using var server = await RunningServer.StartAsync();
        var package = await SamplePackage.MakeAsync();
        await server.PutAsync("main", package, "?publish=later");

        await server.RestartAsync();
        Assert.Empty(await server.BatchAsync("main"));

        Assert.Equal([package.FileName], await server.ListedAsync("main"));
    }

    [Fact]
    public async Task A_rebuilt_file_takes_the_place_of_one_that_was_never_published()
    {
        await using var server = await RunningServer.StartAsync();
        var (first, second) = (await SamplePackage.MakeAsync(content: "first"), await SamplePackage.MakeAsync(content: "second"));
        await server.PutAsync("main", first, "?publish=later");
        Assert.Equal(HttpStatusCode.Created, (await server.PutAsync("main", second, "?publish=later")).StatusCode);

        Assert.Equal(["present"], await server.BatchAsync("main", second));

        Assert.Equal(second.Bytes, await server.Http.GetByteArrayAsync($"main/{second.FileName}"));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"files":[{"name":"../x_1_amd64.deb","size":1,"sha256":""}]}""")]
    [InlineData("""{"files":[{"name":"x_1_amd64.deb","size":1,"sha256":"xyz"}]}""")]
    [InlineData("""{"files":[{"name":"x_1_amd64.deb","size":1,"suite":"../x"}]}""")]
    [InlineData("""{"files":[null]}""")]
    [InlineData("""{"files":[{"size":1}]}""")]
    public async Task A_batch_that_makes_no_sense_is_refused_and_makes_no_branch(string json)
    {
        await using var server = await RunningServer.StartAsync();
        var files = server.Files();

        using var response = await server.Http.PostAsync("main/", new StringContent(json));

        Assert.InRange((int)response.StatusCode, 400, 422);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(files, server.Files());
    }
}
