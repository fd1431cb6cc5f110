using Debyard.Server.Access;
using Debyard.Server.Configuration;

namespace Debyard.Server.Tests.Access;

public sealed class PrivateBranchTests
{
    static readonly TestToken writer = new("writer") { Write = ["*"] };
    static readonly TestToken customer = new("customer") { Read = ["secret-*"] };

    [Fact]
    public async Task Apt_installs_from_a_private_branch_with_the_token_in_auth_conf_and_only_with_it()
    {
        await using var server = await RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new() { Root = "" },
                Access = new AccessOptions { Tokens = [writer.Configured, customer.Configured], Private = [new("secret-*")] },
            }
        );
        server.Http.DefaultRequestHeaders.Authorization = writer.Bearer;
        var package = await SamplePackage.MakeAsync();
        await server.PutAsync("secret-s", package);
        using var apt = new AptClient(await server.Http.GetStringAsync("secret-s.sources"), "amd64");

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => apt.RunAsync("update"));
        Assert.Contains("404", refused.Message);

        apt.Authenticate($"machine {server.Url}secret-s/ login debyard password {customer.Secret}\n");
        await apt.RunAsync("update");
        await apt.RunAsync("download", "lua");
        Assert.Equal(package.Bytes, await File.ReadAllBytesAsync(Path.Combine(apt.Downloads, package.FileName)));
    }
}
