using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Debyard.Testing.GitLab;
using YamlDotNet.RepresentationModel;

namespace Debyard.Server.Tests.GitLab;

/// <summary>Holds the requests of the server and the answers of the simulated GitLab against GitLab's own description of its API.</summary>
public sealed class GitLabContractTests
{
    static readonly YamlMappingNode description = Read();

    [Fact]
    public async Task Every_request_and_every_answer_is_as_GitLab_describes_it()
    {
        await using var following = await FollowingServer.StartAsync();
        var project = await following.AddProjectAsync("video/streamer", "feature/x", "feature/y");
        for (var i = 0; i < 120; i++)
            project.Set($"other/{i}");
        await SimulatedGitLab.DeleteAsync(project, "feature/x");
        await following.ExpectAsync("feature-x", exists: false);
        project.Webhook = null;
        project.Remove("feature/y");
        Assert.Equal(["feature-y retire"], await following.CompareAsync());
        following.GitLab.Delete(project);
        await following.OwnAsync("video/streamer", "feature/z");
        await following.CompareAsync();

        var used = new HashSet<string>();
        foreach (var exchange in following.GitLab.Exchanges)
        {
            var (path, operation) = Assert.Single(Operations(), operation => Pattern(operation.Path).IsMatch(exchange.Target));
            used.Add($"{exchange.Status} {path}");
            Assert.Equal("GET", exchange.Method);
            Assert.Subset(Parameters(operation).ToHashSet(), Query(exchange.Target).ToHashSet());
            var answer = Child(Child(operation, "responses"), $"{exchange.Status}");
            using var json = JsonDocument.Parse(exchange.Json);
            if (exchange.Status == 200)
                Check(json.RootElement, Child(Child(Child(answer, "content"), "application/json"), "schema"), path);
        }
        Assert.Equal(
            [
                "200 /api/v4/projects/{id}",
                "200 /api/v4/projects/{id}/repository/branches",
                "200 /api/v4/projects/{id}/repository/branches/{branch}",
                "404 /api/v4/projects/{id}",
                "404 /api/v4/projects/{id}/repository/branches/{branch}",
            ],
            used.Order(StringComparer.Ordinal)
        );
    }

    // The description does not say which properties can be null, and any can.
    static void Check(JsonElement json, YamlMappingNode schema, string where)
    {
        if (schema.Children.TryGetValue("$ref", out var reference))
            schema = Child(Child(Child(description, "components"), "schemas"), ((YamlScalarNode)reference).Value!.Split('/')[^1]);
        var type = ((YamlScalarNode)schema["type"]).Value;
        Assert.True(
            json.ValueKind == JsonValueKind.Null
                || type
                    == json.ValueKind switch
                    {
                        JsonValueKind.Object => "object",
                        JsonValueKind.Array => "array",
                        JsonValueKind.String => "string",
                        JsonValueKind.Number => "integer",
                        _ => "boolean",
                    },
            $"{where} is {json.ValueKind}, and GitLab's is {type}"
        );
        if (json.ValueKind == JsonValueKind.Array)
            foreach (var item in json.EnumerateArray())
                Check(item, Child(schema, "items"), $"{where}[]");
        if (json.ValueKind == JsonValueKind.Object && schema.Children.ContainsKey("properties"))
            foreach (var property in json.EnumerateObject())
                Check(property.Value, Child(Child(schema, "properties"), property.Name), $"{where}.{property.Name}");
    }

    static IEnumerable<(string Path, YamlMappingNode Operation)> Operations() =>
        Child(description, "paths").Children.Select(path => (((YamlScalarNode)path.Key).Value!, Child((YamlMappingNode)path.Value, "get")));

    // A parameter is one part of the path: feature/x must be encoded.
    static Regex Pattern(string path) => new($@"^{Regex.Replace(path, @"\{\w+\}", "[^/?]+")}(\?|$)", RegexOptions.CultureInvariant);

    static IEnumerable<string> Parameters(YamlMappingNode operation) =>
        from YamlMappingNode parameter in (YamlSequenceNode)operation["parameters"]
        where ((YamlScalarNode)parameter["in"]).Value == "query"
        select ((YamlScalarNode)parameter["name"]).Value!;

    static IEnumerable<string> Query(string target) =>
        target.Split('?') is [_, var query] ? query.Split('&').Select(parameter => parameter.Split('=')[0]) : [];

    static YamlMappingNode Child(YamlMappingNode node, string name) =>
        node.Children.TryGetValue(name, out var child)
            ? (YamlMappingNode)child
            : throw new InvalidOperationException($"GitLab's description has no {name} there.");

    static YamlMappingNode Read([CallerFilePath] string testFile = "")
    {
        var yaml = new YamlStream();
        using var reader = File.OpenText(Path.Combine(Path.GetDirectoryName(testFile)!, "gitlab-openapi.yaml"));
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }
}
