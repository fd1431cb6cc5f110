using System.Net;

namespace Debyard.Server.Tests.Faults;

public sealed class RestartTests
{
    [Fact]
    public async Task A_server_started_right_after_another_was_killed_publishes_at_once()
    {
        using var root = PreparedSigningKey.NewRoot();
        using (var killed = await ServerProcess.StartAsync(root.Path))
        {
            Assert.Equal(HttpStatusCode.Created, await PutAsync(killed.Http, "one"));
            await killed.KillAsync();
        }
        using var next = await ServerProcess.StartAsync(root.Path);

        Assert.Equal(HttpStatusCode.Created, await PutAsync(next.Http, "two"));
        await next.Http.AssertSoundAsync();
    }

    static async Task<HttpStatusCode> PutAsync(HttpClient http, string name)
    {
        var package = await SamplePackage.MakeAsync(name);
        using var answer = await http.PutAsync($"main/{package.FileName}", new ByteArrayContent(package.Bytes));
        return answer.StatusCode;
    }
}
