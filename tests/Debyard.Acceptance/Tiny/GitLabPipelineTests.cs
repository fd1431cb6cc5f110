using Debyard.Acceptance.Machine;

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
        using var product = await ProductAsync("ci: { shape: simple }\n");
        await using var server = await RunningServer.StartAsync(product);

        var run = await RunPipelineAsync(product, server);

        Assert.Contains("PASS  debyard:pipeline", run);
        await AssertPublishedAsync(product, server);
        Assert.Equal($"DEBYARD_SOURCES_URL={server.Url}/feature-x.sources\n", await File.ReadAllTextAsync(product["output/debyard.env"]));

        Assert.Contains("PASS  debyard:stop", await RunPipelineAsync(product, server, "debyard:stop"));
        using var http = new HttpClient();
        Assert.Equal(404, (int)(await http.GetAsync($"{server.Url}/feature-x.sources")).StatusCode);
        // The server has heard of it before.
        Assert.Contains("PASS  debyard:stop", await RunPipelineAsync(product, server, "debyard:stop"));
    }

    [Fact]
    public async Task A_fan_out_builds_what_the_server_lacks_in_jobs_and_without_changes_runs_one()
    {
        using var product = await ProductAsync("ci: { shape: images }\n");
        await using var server = await RunningServer.StartAsync(product);
        var job = $"debyard:{product.Library}/amd64";

        var first = await RunPipelineAsync(product, server);

        Assert.Contains($"PASS  {job}", first);
        Assert.Contains("PASS  debyard:publish", first);
        await AssertPublishedAsync(product, server);

        var second = await RunPipelineAsync(product, server);

        Assert.DoesNotContain(job, second);
        Assert.Contains("PASS  debyard:publish", second);
    }

    /// <summary>A clone of a product on the branch <c>feature/x</c>, whose <c>build.sh</c> is the compiled build.</summary>
    async Task<TinyProduct> ProductAsync(string ci)
    {
        var product = await published.CopyAsync();
        File.AppendAllText(product["debyard.yml"], ci);
        product.Write("build.sh", $"#!/bin/sh\nshift # Setup: the machine is prepared\nexec '{BuildProcess.Program}' \"$@\"\n");
        File.SetUnixFileMode(product["build.sh"], (UnixFileMode)0b111_101_101);
        product.Write(".gitignore", "output/\n.gitlab-ci-local/\n.nuke/temp/\n");
        Directory.Delete(product["output"], recursive: true);
        Assert.True(Directory.Exists(product[".nuke"]));
        (await product.RunAsync("GenerateCi")).Succeeds(".gitlab-ci.yml written");
        await Tool.RunAsync("git", "-C", product.Root, "init", "--quiet", "--initial-branch=feature/x");
        await Tool.RunAsync("git", "-C", product.Root, "remote", "add", "origin", "git@gitlab.example.org:group/tiny.git");
        await Tool.RunAsync("git", "-C", product.Root, "add", "--all");
        await Tool.RunAsync("git", "-C", product.Root, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message=All");
        return product;
    }

    async Task<string> RunPipelineAsync(TinyProduct product, RunningServer server, params string[] jobs)
    {
        await InstallAsync();
        var (exitCode, output) = await Tool.TryAsync(
            tools["node_modules/.bin/gitlab-ci-local"],
            ["--cwd", product.Root, "--variable", $"DEBYARD_URL={server.Url}", .. jobs]
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

    static async Task AssertPublishedAsync(TinyProduct product, RunningServer server)
    {
        using var http = new HttpClient();
        var packages = await http.GetStringAsync($"{server.Url}/feature-x/dists/stable/main/binary-amd64/Packages");
        Assert.Contains($"Package: {product.Library}\n", packages);
        Assert.Contains($"Package: {product.Name}\n", packages);
    }
}
