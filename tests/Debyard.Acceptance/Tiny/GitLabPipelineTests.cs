namespace Debyard.Acceptance.Tiny;

/// <summary>
/// The generated pipelines, run by gitlab-ci-local with the shell executor: from the push to the branch's repository. npm installs it,
/// by the configuration of this machine; without npm or its registry the tests fail and say so.
/// </summary>
[Collection("A published product")]
[Trait("Needs", "Engine")]
public sealed class GitLabPipelineTests(PublishedProduct published) : IDisposable
{
    // The newest that Node 20 runs.
    const string Package = "gitlab-ci-local@4.73.0";

    readonly TemporaryFolder tools = new();

    public void Dispose() => tools.Dispose();

    [Fact]
    public async Task The_simple_pipeline_publishes_the_branch_and_its_stop_job_retires_it()
    {
        using var product = await published.Product.CopyAsync();
        await using var server = await RunningServer.StartAsync(product);
        await PrepareAsync(product, server, "simple");

        var run = await RunJobsAsync(product, "debyard:pipeline");

        Assert.Contains("PASS  debyard:pipeline", run);
        AssertPublished(product);
        Assert.Equal($"DEBYARD_SOURCES_URL={server.Url}/feature-x.sources\n", await File.ReadAllTextAsync(product["output/debyard.env"]));

        var stopped = await RunJobsAsync(product, "debyard:stop");
        Assert.True(stopped.Contains("PASS  debyard:stop", StringComparison.Ordinal), stopped);
        using var http = new HttpClient();
        Assert.Equal(404, (int)(await http.GetAsync($"{server.Url}/feature-x.sources")).StatusCode);
        // The branch is gone already.
        Assert.Contains("PASS  debyard:stop", await RunJobsAsync(product, "debyard:stop"));
    }

    [Fact]
    public async Task A_fan_out_builds_what_the_server_lacks_in_jobs_and_without_changes_runs_one()
    {
        using var product = await published.Product.CopyAsync();
        await using var server = await RunningServer.StartAsync(product);
        await PrepareAsync(product, server, "images");
        var build = $"PASS  [debyard:packages] -> debyard:{product.Library}/amd64";
        const string publish = "PASS  [debyard:packages] -> debyard:publish";

        var first = await RunJobsAsync(product);

        Assert.Contains(build, first);
        Assert.Contains(publish, first);
        AssertPublished(product);

        var second = await RunJobsAsync(product);

        Assert.DoesNotContain(product.Library + "/amd64 ", second.Split("PASS", 2)[1]);
        Assert.Contains(publish, second);
    }

    /// <summary>Commits the product on the branch <c>feature/x</c>, with the compiled build as its <c>build.sh</c>.</summary>
    static async Task PrepareAsync(TinyProduct product, RunningServer server, string shape)
    {
        Directory.Delete(product["output"], recursive: true);
        File.AppendAllText(product["debyard.yml"], $"repository: {{ url: \"{server.Url}\" }}\nci: {{ shape: {shape} }}\n");
        // Without the first target, Setup: the machine is prepared. The tests are this repository's, not the product's.
        product.Write(
            "build.sh",
            $"#!/bin/sh\nshift\n[ \"$1\" != Format ] || exec mkdir -p output/tests\nexec '{BuildProcess.Program}' \"$@\"\n"
        );
        File.SetUnixFileMode(product["build.sh"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        product.Write(".gitignore", "output/\n.gitlab-ci-local/\n.nuke/temp/\n");
        (await product.RunAsync("GenerateCi")).Succeeds(".gitlab-ci.yml written");
        string[][] commands =
        [
            ["init", "--quiet", "--initial-branch=feature/x"],
            ["remote", "add", "origin", "git@gitlab.example.org:group/tiny.git"],
            ["add", "--all"],
            ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message=All"],
        ];
        foreach (var command in commands)
        {
            await Tool.RunAsync("git", ["-C", product.Root, .. command]);
        }
    }

    async Task<string> RunJobsAsync(TinyProduct product, params string[] jobs)
    {
        await InstallAsync();
        // gitlab-ci-local looks for a child pipeline below the name of its job, but keeps artifacts below a name without ':'.
        var artifacts = Directory.CreateDirectory(product[".gitlab-ci-local/artifacts"]);
        if (!artifacts.EnumerateFileSystemInfos("debyard:plan").Any())
        {
            File.CreateSymbolicLink(product[".gitlab-ci-local/artifacts/debyard:plan"], "debyardOgplan");
        }
        var (exitCode, output) = await Tool.TryAsync(
            "env",
            [$"--chdir={product.Root}", tools["node_modules/.bin/gitlab-ci-local"], .. jobs]
        );
        Assert.True(exitCode == 0, output);
        return output;
    }

    async Task InstallAsync()
    {
        if (!File.Exists(tools["node_modules/.bin/gitlab-ci-local"]))
        {
            var (exitCode, output) = await Tool.TryAsync("npm", "install", "--prefix", tools.Path, "--no-audit", "--no-fund", Package);
            Assert.True(exitCode == 0, $"npm could not install {Package}, which runs the generated pipeline:\n{output}");
        }
    }

    static void AssertPublished(TinyProduct product)
    {
        var packages = AptIndex.Read(product.Path, "root", "feature-x", "amd64");
        Assert.Contains($"Package: {product.Library}\n", packages);
        Assert.Contains($"Package: {product.Name}\n", packages);
    }
}
