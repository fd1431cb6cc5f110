using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Debyard.Server.Tests;

/// <summary>What a caller may leave out.</summary>
public class OpeningTests
{
    [Fact]
    public async Task The_server_names_the_folder_of_a_ref()
    {
        await using var server = await RunningServer.StartAsync();

        Assert.Equal((HttpStatusCode.Created, "feature-x"), await OpenAsync("feature/x"));
        Assert.Equal((HttpStatusCode.OK, "feature-x"), await OpenAsync("feature/x"));
        Assert.Equal((HttpStatusCode.Created, "feature-x-c791eb"), await OpenAsync("feature-x"));
        // One character outside the Basic Multilingual Plane is one dash, by GitLab's rule.
        Assert.Equal((HttpStatusCode.Created, "a-b"), await OpenAsync("a🚀b"));

        async Task<(HttpStatusCode, string?)> OpenAsync(string gitRef)
        {
            using var response = await server.Http.PostAsJsonAsync("api/branches", new { @ref = gitRef });
            return (response.StatusCode, (string?)(await response.Content.ReadFromJsonAsync<JsonNode>())!["branch"]);
        }
    }

    [Fact]
    public async Task A_branch_is_made_without_a_body()
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Put, "api/branches/feature-x");

        Assert.Equal(HttpStatusCode.Created, (await server.Http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_batch_without_sizes_is_known_by_its_digests()
    {
        await using var server = await RunningServer.StartAsync();
        var package = await SamplePackage.MakeAsync();
        await server.PutAsync("main", package);

        using var response = await server.Http.PostAsJsonAsync(
            "main/",
            new { files = new[] { new { name = package.FileName, sha256 = package.Digests.Sha256 } } }
        );

        Assert.Equal("present", (string?)(await response.Content.ReadFromJsonAsync<JsonNode>())!["files"]![0]!["outcome"]);
    }

    [Fact]
    public async Task A_package_s_plain_name_is_asked_for_again_its_pool_path_never()
    {
        await using var server = await RunningServer.StartAsync();
        var package = await SamplePackage.MakeAsync();
        await server.PutAsync("main", package);

        using var byName = await server.Http.GetAsync($"main/{package.FileName}");
        using var byPool = await server.Http.GetAsync($"main/{package.PoolPath}");

        Assert.Equal("no-cache", byName.Headers.CacheControl?.ToString());
        Assert.Contains("immutable", byPool.Headers.CacheControl?.ToString());
    }
}
