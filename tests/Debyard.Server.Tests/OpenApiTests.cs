using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Debyard.Server.Tests;

public sealed partial class OpenApiTests
{
    [Fact]
    public async Task The_document_describes_every_route_and_no_other()
    {
        await using var server = await RunningServer.StartAsync();

        var described = DocumentedAnswers.Document["paths"]!
            .AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}"));

        // The fallback answers what there is not.
        var mapped = server
            .Routes.Where(route => !route.StartsWith("* ", StringComparison.Ordinal))
            .Select(route => route.Replace("{**path}", "{path}", StringComparison.Ordinal));
        Assert.Equal(mapped.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_document_is_served_and_whole()
    {
        await using var server = await RunningServer.StartAsync();

        var document = await server.GetAsync("openapi.json");

        Assert.Equal("3.1.0", (string?)document["openapi"]);
        foreach (var reference in Reference().Matches(document.ToJsonString()).Select(match => match.Groups[1].Value).Distinct())
            Assert.NotNull(reference.Split('/').Aggregate((JsonNode?)document, (node, part) => node?[part]));
        foreach (var (path, methods) in document["paths"]!.AsObject())
        foreach (var (method, operation) in methods!.AsObject())
        {
            var named = (operation!["parameters"]?.AsArray() ?? [])
                .Where(parameter => (string?)parameter!["in"] == "path")
                .Select(parameter => (string)parameter!["name"]!);
            Assert.Equal(Parameter().Matches(path).Select(match => match.Groups[1].Value).Order(), named.Order());
            Assert.True(operation["summary"] is not null, $"{method} {path}");
        }
    }

    [Fact]
    public async Task The_jobs_to_include_in_a_GitLab_pipeline_are_those_of_the_component()
    {
        await using var server = await RunningServer.StartAsync();

        using var response = await server.Http.GetAsync("gitlab.yml");

        Assert.Equal("application/yaml", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("\nspec:\n  inputs:\n", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_there_is_not_is_told_as_a_problem_too()
    {
        await using var server = await RunningServer.StartAsync();

        foreach (
            var (method, path, status) in new[] { ("DELETE", "healthz", 404), ("GET", "api/nothing", 404), ("PATCH", "main.sources", 404) }
        )
        {
            using var response = await server.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal(status, (int)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["status"]!);
        }
    }

    [GeneratedRegex("\"#/([^\"]+)\"")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Parameter();
}
