using System.Net;

namespace Debyard.Server.Tests;

public sealed class HealthTests
{
    [Fact]
    public async Task A_server_that_can_publish_is_ready()
    {
        await using var server = await RunningServer.StartAsync();

        Assert.Equal("ok\n", await server.Http.GetStringAsync("healthz"));
        Assert.Equal("ready\n", await server.Http.GetStringAsync("readyz"));
    }

    [Fact]
    public async Task A_server_whose_key_or_folder_is_missing_is_alive_but_not_ready()
    {
        var clock = new Clock();
        await using var server = await RunningServer.StartAsync(clock);
        Assert.Equal("ready\n", await server.Http.GetStringAsync("readyz"));
        var temporary = Path.Combine(server.Root, ".debyard/temporary");

        Directory.Delete(temporary);
        // Within five seconds it repeats the last result.
        Assert.Equal("ready\n", await server.Http.GetStringAsync("readyz"));
        clock.Advance(TimeSpan.FromSeconds(5));
        await NotReadyAsync("folder");
        Directory.CreateDirectory(temporary);

        clock.Advance(TimeSpan.FromSeconds(5));
        Directory.Move(Path.Combine(server.Root, ".debyard/keys/private-keys-v1.d"), Path.Combine(server.Root, "moved"));
        await NotReadyAsync("key");
        Directory.Move(Path.Combine(server.Root, "moved"), Path.Combine(server.Root, ".debyard/keys/private-keys-v1.d"));

        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("ready\n", await server.Http.GetStringAsync("readyz"));

        async Task NotReadyAsync(string why)
        {
            using var response = await server.Http.GetAsync("readyz");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Contains(why, await response.Content.ReadAsStringAsync());
            Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("healthz")).StatusCode);
        }
    }
}
