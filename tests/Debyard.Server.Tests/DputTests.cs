using System.Diagnostics;
using Debyard.Server.Access;
using Debyard.Server.Configuration;
using Debyard.Server.Tests.Access;

namespace Debyard.Server.Tests;

/// <summary>Debian's dput against a server.</summary>
public sealed class DputTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    [Fact]
    public async Task It_uploads_the_package_and_its_records()
    {
        await using var server = await RunningServer.StartAsync();
        var upload = new SampleUpload(await SamplePackage.MakeAsync());

        await DputAsync(server, upload);

        Assert.Equal([upload.Package.FileName], await server.ListedAsync("main"));
        Assert.Equal(upload.Changes(), await server.Http.GetStringAsync($"main/{upload.ChangesName}"));
        Assert.Equal(upload.BuildInfo, await server.Http.GetStringAsync($"main/{upload.BuildInfoName}"));
    }

    [Fact]
    public async Task It_is_told_that_the_branch_has_another_package_of_this_name()
    {
        await using var server = await RunningServer.StartAsync();
        (await server.PutAsync("main", await SamplePackage.MakeAsync(content: "other"))).Dispose();

        var output = await DputAsync(server, new SampleUpload(await SamplePackage.MakeAsync()), exitCode: 1);

        Assert.Contains("Upload failed: 409", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_answers_the_request_for_a_password()
    {
        var token = new TestToken("uploader") { Write = ["*"] };
        await using var server = await RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new() { Root = "" },
                Access = new AccessOptions { Tokens = [token.Configured] },
            }
        );
        var upload = new SampleUpload(await SamplePackage.MakeAsync());

        await DputAsync(server, upload, password: token.Secret);

        Assert.Equal([upload.Package.FileName], await server.ListedAsync("main"));
    }

    public void Dispose() => folder.Dispose();

    async Task<string> DputAsync(RunningServer server, SampleUpload upload, int exitCode = 0, string password = "")
    {
        var configuration = folder.Write(
            "dput.cf",
            $"""
            [main]
            method = http
            fqdn = {server.Url.Authority}
            incoming = main
            login = dput
            allow_unsigned_uploads = 1

            """
        );
        // Without a terminal of its own dput asks for the password on its standard streams.
        using var dput = Process.Start(
            new ProcessStartInfo("setsid", ["--wait", "dput", "--config", configuration, "main", upload.WriteTo(folder.Path)])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["HOME"] = folder.Path, ["LC_ALL"] = "C.UTF-8" },
            }
        )!;
        await dput.StandardInput.WriteLineAsync(password);
        dput.StandardInput.Close();
        var errors = dput.StandardError.ReadToEndAsync();
        var output = await dput.StandardOutput.ReadToEndAsync() + await errors;
        await dput.WaitForExitAsync();
        Assert.True(exitCode == dput.ExitCode, output);
        return output;
    }
}
