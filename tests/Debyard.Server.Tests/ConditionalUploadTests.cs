using System.Net;
using Debyard.Tests;

namespace Debyard.Server.Tests;

public sealed class ConditionalUploadTests
{
    [Fact]
    public async Task A_file_is_sent_once_and_linked_into_every_other_branch()
    {
        await using var server = await RunningServer.StartAsync();
        var package = await SamplePackage.MakeAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await server.ProbeAsync("feature-x", package)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await server.PutAsync("feature-x", package)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.ProbeAsync("feature-x", package)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await server.ProbeAsync("feature-y", package)).StatusCode);

        Assert.Equal([package.FileName], await server.ListedAsync("feature-x"));
        Assert.Equal([package.FileName], await server.ListedAsync("feature-y"));
        Assert.Equal(package.Bytes, await server.Http.GetByteArrayAsync($"feature-y/{package.FileName}"));
    }

    [Fact]
    public async Task An_identical_package_is_accepted_again_and_changes_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        var package = await SamplePackage.MakeAsync();
        await server.PutAsync("main", package);
        var before = await server.InReleaseAsync("main");
        var files = server.Files();

        Assert.Equal(HttpStatusCode.OK, (await server.PutAsync("main", package)).StatusCode);
        Assert.Equal(["present"], await server.BatchAsync("main", package));
        Assert.Equal(["present"], await server.BatchAsync("main", package));

        Assert.Equal(before, await server.InReleaseAsync("main"));
        Assert.Equal(files, server.Files());
    }
}
