using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Debyard.Server.Tests;

/// <summary>.changes and .buildinfo files, sent after the packages they list.</summary>
public sealed class ChangesTests
{
    [Fact]
    public async Task They_are_kept_and_read_back_byte_for_byte_even_after_a_restart()
    {
        await using var server = await RunningServer.StartAsync();
        var upload = await StartUploadAsync(server);

        Assert.Equal((201, "created"), await OutcomeAsync(server, upload.ChangesName, upload.Changes()));
        Assert.Equal((200, "present"), await OutcomeAsync(server, upload.ChangesName, upload.Changes()));

        await server.RestartAsync();
        Assert.Equal(upload.Changes(), await server.Http.GetStringAsync($"main/{upload.ChangesName}"));
        Assert.Equal(upload.BuildInfo, await server.Http.GetStringAsync($"main/{upload.BuildInfoName}"));
        Assert.Equal(["lua_5.4.6-1_amd64.deb"], await server.ListedAsync("main"));
    }

    [Fact]
    public async Task Another_content_replaces_the_record()
    {
        await using var server = await RunningServer.StartAsync();
        var upload = await StartUploadAsync(server);
        await OutcomeAsync(server, upload.ChangesName, upload.Changes());
        var signed = Sign(upload.Changes());

        Assert.Equal((201, "created"), await OutcomeAsync(server, upload.ChangesName, signed));

        Assert.Equal(signed, await server.Http.GetStringAsync($"main/{upload.ChangesName}"));
        Assert.Equal(
            ["main/.changes/lua_5.4.6-1_amd64.buildinfo", "main/.changes/lua_5.4.6-1_amd64.changes"],
            server.Files().Where(file => file.Contains("/.changes/", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task A_build_info_file_that_comes_before_the_package_creates_the_branch()
    {
        await using var server = await RunningServer.StartAsync();
        var main = await StartUploadAsync(server);
        var upload = new SampleUpload(await SamplePackage.MakeAsync("zlib"));

        Assert.Equal((201, "created"), await OutcomeAsync(server, upload.BuildInfoName, upload.BuildInfo, "feature-x"));

        Assert.Equal([main.Package.FileName], await server.ListedAsync("feature-x"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server, $"feature-x/{main.BuildInfoName}"));
    }

    [Fact]
    public async Task Each_file_that_the_branch_does_not_have_so_is_named()
    {
        await using var server = await RunningServer.StartAsync();
        var upload = await StartUploadAsync(server);
        var (other, missing) = (await SamplePackage.MakeAsync(content: "other"), await SamplePackage.MakeAsync("zlib"));
        var changes = upload.Changes(
            (other.FileName, other.Digests),
            (missing.FileName, missing.Digests),
            (upload.BuildInfoName, SampleUpload.DigestsOf("other")),
            ("zlib_1_amd64.buildinfo", SampleUpload.DigestsOf("other"))
        );

        var detail = await RefusedAsync(server, upload.ChangesName, changes);

        Assert.Contains($"{other.FileName}: main lists it with other content: the s", detail, StringComparison.Ordinal);
        Assert.Contains($"{missing.FileName}: main does not list it; upload it first", detail, StringComparison.Ordinal);
        Assert.Contains($"{upload.BuildInfoName}: the one that was uploaded has other content: the size", detail, StringComparison.Ordinal);
        Assert.Contains("zlib_1_amd64.buildinfo: it was not uploaded; upload it first", detail, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server, $"main/{upload.ChangesName}"));
    }

    [Fact]
    public async Task Every_digest_is_compared()
    {
        await using var server = await RunningServer.StartAsync();
        var upload = await StartUploadAsync(server);
        var digests = upload.Package.Digests;

        foreach (
            var (wrong, named) in new[]
            {
                (digests with { Size = digests.Size + 1 }, "the size is"),
                (digests with { Sha256 = Debian.Names.Sha256.Parse(new string('0', 64)) }, "the SHA-256 is"),
                (digests with { Sha1 = new string('0', 40) }, "the SHA-1 is"),
                (digests with { Md5 = new string('0', 32) }, "the MD5 is"),
            }
        )
            Assert.Contains(
                named,
                await RefusedAsync(server, upload.ChangesName, upload.Changes((upload.Package.FileName, wrong))),
                StringComparison.Ordinal
            );
    }

    [Fact]
    public async Task A_refused_file_creates_no_branch()
    {
        await using var server = await RunningServer.StartAsync();
        var upload = new SampleUpload(await SamplePackage.MakeAsync());

        await RefusedAsync(server, upload.ChangesName, upload.Changes());
        await RefusedAsync(server, upload.BuildInfoName, "Source: other\nVersion: 1\n");

        Assert.DoesNotContain(server.Files(), file => file.StartsWith("main/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("lua_5.4.6-1.dsc", "Source packages are not supported")]
    [InlineData("lua_5.4.6.orig.tar.gz", "Source packages are not supported")]
    [InlineData("lua_5.4.6-1.diff.gz", "Source packages are not supported")]
    [InlineData("lua_5.4.6-1_amd64.udeb", "Debian installer")]
    [InlineData("lua_5.4.6-1_amd64.rpm", "neither a .deb nor a .buildinfo file")]
    [InlineData("lua_5.4.6-1_amd64.changes", "neither a .deb nor a .buildinfo file")]
    [InlineData("../lua_5.4.6-1_amd64.deb", "not a file name")]
    [InlineData("/etc/lua_5.4.6-1_amd64.deb", "not a file name")]
    [InlineData("..", "not a file name")]
    [InlineData(".branch", "not a file name")]
    [InlineData("a\\b.deb", "not a file name")]
    [InlineData("..%2flua_5.4.6-1_amd64.buildinfo", "not a file name")]
    [InlineData("a%2f..%2f..%2flua_1_amd64.buildinfo", "neither a .deb nor a .buildinfo file")]
    public async Task A_name_in_it_that_is_no_package_is_refused(string name, string reason)
    {
        await using var server = await RunningServer.StartAsync();
        var upload = await StartUploadAsync(server);

        var detail = await RefusedAsync(server, upload.ChangesName, upload.Changes((name, upload.Package.Digests)));

        Assert.Contains(reason, detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("\0\u0001garbage", "control character")]
    [InlineData("-----BEGIN PGP SIGNED MESSAGE-----\n\nFormat: 1.8\n", "has no end")]
    [InlineData("Source: lua\nVersion: 5.4.6-1\n", "no Format field")]
    [InlineData("Source: lua\nVersion: 5.4.7-1\n", "The content is of lua 5.4.7-1")]
    [InlineData("Source: lua\nVersion: 5.4.6-1\n\nSource: lua\n", "more than one stanza")]
    public async Task Content_that_is_no_changes_file_is_refused(string content, string reason)
    {
        await using var server = await RunningServer.StartAsync();
        var upload = await StartUploadAsync(server);

        Assert.Contains(reason, await RefusedAsync(server, upload.ChangesName, content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.Http.PutAsync("main/lua_1_amd64.buildinfo", new ByteArrayContent([0x53, 0xFF, 0xFE]));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("not UTF-8", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_one_MiB_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        var upload = await StartUploadAsync(server);

        Assert.Equal((201, "created"), await OutcomeAsync(server, upload.BuildInfoName, OfSize(1024 * 1024)));
        using var tooLarge = new HttpRequestMessage(HttpMethod.Put, $"main/{upload.BuildInfoName}")
        {
            Content = new StringContent(OfSize(1024 * 1024 + 1)),
            // The server answers before it reads the body. A client that sends it anyway may see the connection close instead.
            Headers = { ExpectContinue = true },
        };
        using var answer = await server.Http.SendAsync(tooLarge);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);

        string OfSize(int size) => upload.BuildInfo + "Environment:\n " + new string('x', size - upload.BuildInfo.Length - 15) + "\n";
    }

    [Theory]
    [InlineData("lua.changes")]
    [InlineData("..%2flua_1_amd64.changes")]
    [InlineData(".lua_1_amd64.changes")]
    public async Task A_name_that_no_tool_gives_is_refused(string name)
    {
        await using var server = await RunningServer.StartAsync();
        var upload = await StartUploadAsync(server);

        Assert.Contains("is not source_version_architecture.changes", await RefusedAsync(server, name, upload.Changes()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await StatusAsync(server, $"main/{name}"));
    }

    [Theory]
    [InlineData("lua_5.4.6-1.dsc")]
    [InlineData("lua_5.4.6.orig.tar.xz")]
    [InlineData("lua_5.4.6.orig.tar.xz.asc")]
    [InlineData("lua_5.4.6-1.diff.gz")]
    public async Task Source_packages_are_refused(string name)
    {
        await using var server = await RunningServer.StartAsync();

        Assert.Contains("Source packages are not supported", await RefusedAsync(server, name, "x"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_dupload_deletes_after_a_failed_upload_stays()
    {
        await using var server = await RunningServer.StartAsync();
        var upload = await StartUploadAsync(server);
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"main/{upload.Package.FileName}")
        {
            Headers = { { "User-Agent", "dupload/2.9.12" } },
        };

        using var answer = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal([upload.Package.FileName], await server.ListedAsync("main"));
    }

    [Fact]
    public async Task A_record_moves_with_its_branch_and_a_new_branch_of_the_name_has_none()
    {
        await using var server = await RunningServer.StartAsync();
        var upload = await StartUploadAsync(server, "feature-x");
        await OutcomeAsync(server, upload.ChangesName, upload.Changes(), "feature-x");

        await server.JsonAsync(HttpMethod.Delete, "api/branches/feature-x");
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server, $"feature-x/{upload.ChangesName}"));
        await server.JsonAsync(HttpMethod.Post, "api/branches/feature-x/restore");
        Assert.Equal(upload.Changes(), await server.Http.GetStringAsync($"feature-x/{upload.ChangesName}"));

        await server.JsonAsync(HttpMethod.Delete, "api/branches/feature-x");
        (await server.PutAsync("feature-x", upload.Package)).Dispose();
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server, $"feature-x/{upload.ChangesName}"));
    }

    [Fact]
    public async Task The_branch_of_another_ref_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        await server.JsonAsync(HttpMethod.Post, "api/branches", new { @ref = "feature/x" }, HttpStatusCode.Created);
        var upload = new SampleUpload(await SamplePackage.MakeAsync());
        using var request = new HttpRequestMessage(HttpMethod.Put, $"feature-x/{upload.BuildInfoName}")
        {
            Content = new StringContent(upload.BuildInfo),
            Headers = { { "X-Debyard-Ref", "feature-x" } },
        };

        using var answer = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
    }

    static async Task<SampleUpload> StartUploadAsync(RunningServer server, string branch = "main")
    {
        var upload = new SampleUpload(await SamplePackage.MakeAsync());
        using (var answer = await server.PutAsync(branch, upload.Package))
            Assert.True(answer.IsSuccessStatusCode);
        await OutcomeAsync(server, upload.BuildInfoName, upload.BuildInfo, branch);
        return upload;
    }

    static string Sign(string text) =>
        $"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{text}"
        + "-----BEGIN PGP SIGNATURE-----\n\niHUEARYKAB0=\n=abcd\n-----END PGP SIGNATURE-----\n";

    static Task<HttpResponseMessage> PutAsync(RunningServer server, string name, string content, string branch = "main") =>
        server.Http.PutAsync($"{branch}/{name}", new ByteArrayContent(Encoding.UTF8.GetBytes(content)));

    static async Task<(int Status, string Outcome)> OutcomeAsync(RunningServer server, string name, string content, string branch = "main")
    {
        using var answer = await PutAsync(server, name, content, branch);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return ((int)answer.StatusCode, (string)JsonNode.Parse(text)!["outcome"]!);
    }

    static async Task<string> RefusedAsync(RunningServer server, string name, string content)
    {
        using var answer = await PutAsync(server, name, content);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!;
    }

    static async Task<HttpStatusCode> StatusAsync(RunningServer server, string path)
    {
        using var answer = await server.Http.GetAsync(path);
        return answer.StatusCode;
    }
}
