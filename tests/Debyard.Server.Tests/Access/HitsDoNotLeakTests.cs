using System.Net;
using Debyard.Server.Access;
using Debyard.Server.Configuration;

namespace Debyard.Server.Tests.Access;

/// <summary>Files that only private branches have look unknown to callers without access to them.</summary>
public sealed class HitsDoNotLeakTests
{
    static readonly TestToken outsider = new("outsider") { Write = ["feature-*"] };
    static readonly TestToken insider = new("insider") { Write = ["secret-*", "feature-*"] };

    [Fact]
    public async Task A_file_that_only_private_branches_have_is_missing_to_others_and_linked_to_their_readers()
    {
        await using var server = await StartAsync();
        var package = await SamplePackage.MakeAsync();
        As(server, insider);
        await server.PutAsync("secret-s", package);

        As(server, outsider);
        Assert.Equal(HttpStatusCode.NotFound, (await server.ProbeAsync("feature-x", package)).StatusCode);
        Assert.Equal(["missing"], await server.BatchAsync("feature-x", package));

        As(server, insider);
        Assert.Equal(["linked"], await server.BatchAsync("feature-x", package));

        As(server, outsider);
        Assert.Equal(["linked"], await server.BatchAsync("feature-y", package));
    }

    [Fact]
    public async Task A_probe_that_contradicts_a_hidden_file_is_answered_as_one_for_an_unknown_file()
    {
        await using var server = await StartAsync();
        var (hidden, unknown) = (await SamplePackage.MakeAsync("hidden"), await SamplePackage.MakeAsync("unknown"));
        As(server, insider);
        await server.PutAsync("secret-s", hidden);

        As(server, outsider);
        using var ofHidden = await server.ProbeAsync("feature-x", hidden, "other_1_amd64.deb");
        using var ofUnknown = await server.ProbeAsync("feature-x", unknown, "other_1_amd64.deb");

        Assert.Equal(HttpStatusCode.NotFound, ofHidden.StatusCode);
        Assert.Equal(await ofUnknown.Content.ReadAsStringAsync(), await ofHidden.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Sending_a_hidden_file_is_answered_as_sending_a_new_one()
    {
        await using var server = await StartAsync();
        var package = await SamplePackage.MakeAsync();
        As(server, insider);
        await server.PutAsync("secret-s", package);

        As(server, outsider);
        using var sent = await server.PutAsync("feature-x", package);

        Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
        Assert.Contains("created", await sent.Content.ReadAsStringAsync());
        Assert.Equal([package.FileName], await server.ListedAsync("feature-x"));
    }

    static Task<RunningServer> StartAsync() =>
        RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new() { Root = "" },
                Access = new AccessOptions { Tokens = [outsider.Configured, insider.Configured], Private = [new("secret-*")] },
            }
        );

    static void As(RunningServer server, TestToken token) => server.Http.DefaultRequestHeaders.Authorization = token.Bearer;
}
