using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Debyard.Acceptance.Tiny;

/// <summary>A repository server, or an engine, that is not there or is not what it should be.</summary>
[Collection("A published product")]
public sealed class ServerTests(PublishedProduct published)
{
    [Fact]
    public Task A_server_that_is_down_is_named_with_its_option() =>
        RefusedAsync(
            "http://127.0.0.1:1",
            "The repository server at http://127.0.0.1:1/ does not answer (",
            "): start it, or check --repository-url."
        );

    [Fact]
    public async Task A_proxy_is_not_asked_for_a_server_on_loopback()
    {
        using var product = await published.Product.CopyAsync();
        product.Environment["http_proxy"] = "http://127.0.0.1:1";

        (await product.RunAsync("Upload", "--branch", "main")).Succeeds($"{product.LibraryFile} present");
    }

    [Theory]
    [InlineData("127.0.0.1:80")]
    [InlineData("ftp://127.0.0.1")]
    public Task What_is_no_address_is_named_with_its_option(string url) =>
        RefusedAsync(url, $"--repository-url: '{url}' is not an http or https address.");

    [Theory]
    [InlineData(
        403,
        "This token may not write main.",
        "This token may not write main. "
            + "Set DEBYARD_TOKEN to a token that may write this branch, or give the job one: id_tokens, DEBYARD_ID_TOKEN."
    )]
    [InlineData(500, "It fell over.", "answered 500 Internal Server Error. It fell over.")]
    [InlineData(507, "Nothing was changed.", "Nothing was changed. The server's disk is full.")]
    public async Task A_server_that_refuses_is_quoted(int status, string detail, string saying)
    {
        await using var server = await StartAsync(http => Results.Problem(detail, statusCode: status).ExecuteAsync(http));

        await RefusedAsync(server.Urls.First(), $"opening the branch of main: {server.Urls.First()} answered {status} ", saying);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(404)]
    [InlineData(502)]
    public async Task A_server_of_something_else_is_not_taken_for_one_of_ours(int status)
    {
        await using var server = await StartAsync(http =>
            Results.Content("<html><body>Welcome to nginx!</body></html>", "text/html", statusCode: status).ExecuteAsync(http)
        );

        await RefusedAsync(server.Urls.First(), server.Urls.First(), "Debyard server");
    }

    [Fact]
    public async Task A_server_that_hangs_up_is_named()
    {
        await using var server = await StartAsync(http =>
        {
            http.Abort();
            return Task.CompletedTask;
        });

        await RefusedAsync(server.Urls.First(), $"The repository server at {server.Urls.First()}/ does not answer (");
    }

    [Fact]
    public async Task A_server_that_hangs_up_in_the_middle_is_named()
    {
        await using var server = await StartAsync(async http =>
        {
            http.Response.ContentLength = 1000;
            await http.Response.WriteAsync("{ \"branch\": ");
        });

        await RefusedAsync(server.Urls.First(), $"{server.Urls.First()} closed the connection in the middle of a response (");
    }

    [Fact]
    public async Task A_port_or_a_folder_that_another_server_has_is_named()
    {
        using var host = new Workspace();
        await using var server = await RunningServer.StartAsync(host);
        var port = new Uri(server.Url).Port;

        (
            await host.RunAsync(
                "Serve",
                "--root",
                Directory.CreateDirectory(System.IO.Path.Combine(host.Path, "other")).FullName,
                "--port",
                $"{port}"
            )
        ).Refuses($"The server cannot listen on http://127.0.0.1:{port}: ");
        (await host.RunAsync("Serve", "--root", System.IO.Path.Combine(host.Path, "root"), "--urls", "http://127.0.0.1:0")).Refuses(
            System.IO.Path.Combine(host.Path, "root")
        );

        (await server.StopAsync()).Succeeds();
    }

    [Fact]
    public async Task Without_an_engine_one_line_says_how_to_get_one()
    {
        using var product = await published.Product.CopyAsync();
        product.Environment["DOCKER_HOST"] = "unix:///nowhere.sock";
        product.Write("lib/content", "something new\n");

        var outcome = await product.RunAsync();

        outcome.Refuses(
            "No Docker engine answers at unix:///nowhere.sock: `./build.sh Setup` installs and starts one (as root, on Debian or Ubuntu), "
                + "or set DOCKER_HOST."
        );
        await product.LeavesNothingAsync(outcome);
    }

    [Fact]
    public async Task Without_an_engine_a_run_that_changes_nothing_succeeds()
    {
        using var product = await published.Product.CopyAsync();
        product.Environment["DOCKER_HOST"] = "unix:///nowhere.sock";

        (await product.RunAsync()).Succeeds($"{product.Library}/amd64 unchanged", $"{product.LibraryFile} present", "Sent: 0 (0 bytes)");
    }

    async Task RefusedAsync(string url, params string[] saying)
    {
        using var product = await published.Product.CopyAsync();

        var outcome = await product.RunAsync("Pipeline", "--repository-url", url);

        outcome.Refuses(saying);
        await product.LeavesNothingAsync(outcome);
    }

    static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }
}
