using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

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
        await server.RestartAsync();
        Assert.Equal(["present"], await server.BatchAsync("main", package));

        Assert.Equal(before, await server.InReleaseAsync("main"));
        Assert.Equal(files, server.Files());
    }

    [Fact]
    public async Task Other_bytes_under_a_name_the_branch_has_are_a_conflict_that_says_what_to_do()
    {
        await using var server = await RunningServer.StartAsync();
        await server.PutAsync("main", await SamplePackage.MakeAsync(content: "one"));
        var before = await server.InReleaseAsync("main");
        var files = server.Files();
        var other = await SamplePackage.MakeAsync(content: "two");

        using var response = await server.PutAsync("main", other);

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("raise the version of lua", (string?)(await response.Content.ReadFromJsonAsync<JsonNode>())!["detail"]);
        Assert.Equal(HttpStatusCode.Conflict, (await server.ProbeAsync("main", other)).StatusCode);
        Assert.Equal(["conflict"], await server.BatchAsync("main", other));
        Assert.Equal(before, await server.InReleaseAsync("main"));
        Assert.Equal(files, server.Files());
    }

    [Fact]
    public async Task A_SHA_1_alone_finds_a_file_only_under_its_own_name()
    {
        await using var server = await RunningServer.StartAsync();
        var package = await SamplePackage.MakeAsync();
        await server.PutAsync("main", package);

        Assert.Equal(HttpStatusCode.Created, await ProbeBySha1Async("feature-y", package.FileName));
        Assert.Equal(HttpStatusCode.NotFound, await ProbeBySha1Async("feature-y", "lua_9_amd64.deb"));

        async Task<HttpStatusCode> ProbeBySha1Async(string branch, string fileName)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{branch}/{fileName}");
            request.Headers.Add("X-Sha1", package.Digests.Sha1);
            return (await server.Http.SendAsync(request)).StatusCode;
        }
    }

    [Theory]
    [InlineData("X-Size", "7")]
    [InlineData("X-Md5", "00000000000000000000000000000000")]
    [InlineData("X-Sha1", "0000000000000000000000000000000000000000")]
    [InlineData("X-Sha256", "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("X-Sha256", "short")]
    [InlineData("X-Size", "many")]
    public async Task An_upload_that_is_not_what_was_announced_leaves_no_trace(string header, string value)
    {
        await using var server = await RunningServer.StartAsync();
        var files = server.Files();
        var package = await SamplePackage.MakeAsync();
        using var request = new HttpRequestMessage(HttpMethod.Put, $"main/{package.FileName}")
        {
            Content = new ByteArrayContent(package.Bytes),
        };
        request.Headers.Add(header, value);

        using var response = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal(files, server.Files());
    }

    [Fact]
    public async Task Digests_that_contradict_the_stored_file_are_never_a_silent_pick()
    {
        await using var server = await RunningServer.StartAsync();
        var package = await SamplePackage.MakeAsync();
        await server.PutAsync("main", package);

        foreach (var branch in new[] { "main", "feature-x" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{branch}/{package.FileName}");
            request.Headers.Add("X-Sha256", package.Digests.Sha256.ToString());
            request.Headers.Add("X-Size", "7");
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await server.Http.SendAsync(request)).StatusCode);
        }
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await server.ProbeAsync("main", package, "lua_9_amd64.deb")).StatusCode);
    }

    [Theory]
    [InlineData("lua_9_amd64.deb")]
    [InlineData("lua_5.4.6-1_arm64.deb")]
    [InlineData("luajit_5.4.6-1_amd64.deb")]
    [InlineData("lua.deb")]
    public async Task A_name_that_contradicts_the_control_data_is_refused(string fileName)
    {
        await using var server = await RunningServer.StartAsync();
        var files = server.Files();
        var package = await SamplePackage.MakeAsync();

        using var response = await server.PutAsync("main", package with { FileName = fileName });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains(fileName, await response.Content.ReadAsStringAsync());
        Assert.Equal(files, server.Files());
    }

    [Fact]
    public async Task A_name_too_long_for_a_file_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        var files = server.Files();

        using var response = await server.PutAsync("main", await SamplePackage.MakeAsync(version: new string('1', 300)));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal(files, server.Files());
    }

    [Fact]
    public async Task A_package_cut_short_anywhere_is_refused_and_leaves_no_trace()
    {
        await using var server = await RunningServer.StartAsync();
        var files = server.Files();
        var package = await SamplePackage.MakeAsync();

        for (var length = 0; length < package.Bytes.Length; length += 37)
        {
            using var response = await server.PutAsync("main", package with { Bytes = package.Bytes[..length] });
            Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        }
        Assert.Equal(files, server.Files());
    }

    [Fact]
    public async Task A_connection_cut_in_the_body_leaves_no_trace()
    {
        await using var server = await RunningServer.StartAsync();
        var files = server.Files();
        var package = await SamplePackage.MakeAsync();
        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(server.Url.Host, server.Url.Port);
            await socket.SendAsync(
                Encoding.ASCII.GetBytes(
                    $"PUT /main/{package.FileName} HTTP/1.1\r\nHost: x\r\nContent-Length: {package.Bytes.Length}\r\n\r\n"
                )
            );
            await socket.SendAsync(package.Bytes.AsMemory(0, 100));
        }

        // Stopping waits for the request, so what it leaves is there then.
        await server.StopAsync();
        Assert.Equal(files, server.Files());
    }

    [Theory]
    [InlineData("PUT", "/main/..%2f..%2fescaped_1_amd64.deb")]
    [InlineData("PUT", "/main/%2e%2e/escaped_1_amd64.deb")]
    [InlineData("PUT", "/../escaped_1_amd64.deb")]
    [InlineData("PUT", "/..%2fescaped/x_1_amd64.deb")]
    [InlineData("PUT", "/.debyard/x_1_amd64.deb")]
    [InlineData("PUT", "/main/x_1_amd64.deb?suite=../../escaped")]
    [InlineData("PUT", "/main/x_1_amd64.deb?component=..")]
    [InlineData("GET", "/main/pool/..%2f.branch")]
    [InlineData("GET", "/main/pool/%2e%2e/.branch")]
    [InlineData("GET", "/main/dists/../../.debyard/keys/repository.fingerprint")]
    [InlineData("GET", "/main/dists/stable/%00")]
    [InlineData("GET", "/.debyard/keys/repository.fingerprint")]
    public async Task Names_that_leave_the_folder_are_refused(string method, string target)
    {
        await using var server = await RunningServer.StartAsync();
        await server.PutAsync("main", await SamplePackage.MakeAsync());
        var files = server.Files();
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Url.Host, server.Url.Port);

        await socket
            .GetStream()
            .WriteAsync(
                Encoding.ASCII.GetBytes($"{method} {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            );

        var answer = await new StreamReader(socket.GetStream()).ReadToEndAsync();
        Assert.Matches("^HTTP/1.1 4[0-9][0-9] ", answer);
        Assert.Equal(files, server.Files());
    }
}
