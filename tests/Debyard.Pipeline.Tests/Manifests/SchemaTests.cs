using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Debyard.Pipeline.Manifests;
using YamlDotNet.RepresentationModel;

namespace Debyard.Pipeline.Tests.Manifests;

/// <summary>What editors are told of a manifest (docs/debyard.schema.json) is what its reader knows.</summary>
public partial class SchemaTests
{
    // Near to no key, so that the reader's complaint lists them all.
    const string Unknown = "zzzzzzzzzzzz";

    static readonly JsonObject schema = JsonNode.Parse(File.ReadAllText(Repository("docs/debyard.schema.json")))!.AsObject();

    /// <summary>Every mapping with keys of ours, and a manifest that is wrong only there.</summary>
    public static TheoryData<string, string> Levels =>
        new()
        {
            { "", $"{Unknown}: 1" },
            { "/repository", $"product: p\nrepository: {{ {Unknown}: 1 }}" },
            { "/architectures/*", $"product: p\narchitectures: {{ amd64: {{ {Unknown}: 1 }} }}" },
            { "/bases/*", $"product: p\nbases: {{ one: {{ {Unknown}: 1 }} }}" },
            { "/toolchains/*", $"product: p\ntoolchains: {{ one: {{ {Unknown}: 1 }} }}" },
            { "/dependencies/*", $"product: p\ndependencies: {{ one: {{ {Unknown}: 1 }} }}" },
            { "/packages/*", $"product: p\npackages: {{ one: {{ {Unknown}: 1 }} }}" },
            { "/validation", $"product: p\nvalidation: {{ {Unknown}: 1 }}" },
            { "/validation/scenarios/*", $"product: p\nvalidation: {{ base: b, install: p, scenarios: {{ one: {{ {Unknown}: 1 }} }} }}" },
            { "/validation/life", $"product: p\nvalidation: {{ base: b, install: p, life: {{ {Unknown}: 1 }} }}" },
            { $"{Check}/httpCheck", ManifestWith($"{{ get: /, {Unknown}: 1 }}") },
            { $"{Check}/tcpCheck", ManifestWith($"{{ tcp: 1, {Unknown}: 1 }}") },
            { $"{Check}/listeningCheck", ManifestWith($"{{ listening: 1, {Unknown}: 1 }}") },
            { $"{Check}/commandCheck", ManifestWith($"{{ run: a, {Unknown}: 1 }}") },
            { $"{Check}/fileCheck", ManifestWith($"{{ file: /a, {Unknown}: 1 }}") },
            { $"{Check}/logCheck", ManifestWith($"{{ log: service, {Unknown}: 1 }}") },
            { $"{Check}/unitsCheck", ManifestWith($"{{ units: ok, {Unknown}: 1 }}") },
            { $"{Check}/httpCheck/tls", ManifestWith($"{{ get: /, tls: {{ {Unknown}: 1 }} }}") },
            { $"{Check}/tcpCheck/tls", ManifestWith($"{{ tcp: 1, tls: {{ {Unknown}: 1 }} }}") },
            {
                $"{Check}/httpCheck/response-headers/*/headerExpectation",
                ManifestWith($"{{ get: /, response-headers: {{ A: {{ {Unknown}: 1 }} }} }}")
            },
            { $"{Check}/httpCheck/json/*/jsonExpectation", ManifestWith($"{{ get: /, json: {{ a: {{ {Unknown}: 1 }} }} }}") },
        };

    const string Check = "/validation/scenarios/*/checks/-";

    static string ManifestWith(string check) =>
        $"product: p\nvalidation: {{ base: b, install: p, scenarios: {{ one: {{ start: s, port: 80, checks: [ {check} ] }} }} }}";

    [Theory]
    [MemberData(nameof(Levels))]
    public void The_schema_has_the_keys_the_reader_knows_and_no_others(string level, string manifest)
    {
        var complaint = Complaints(manifest).Single(message => message.Contains(Unknown, StringComparison.Ordinal));

        Assert.Equal(
            complaint[(complaint.IndexOf("valid: ", StringComparison.Ordinal) + "valid: ".Length)..].Split(", "),
            Mappings(schema, "")[level]["properties"]!.AsObject().Select(property => property.Key).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void The_schema_requires_what_the_reader_requires(string level, string manifest)
    {
        var mapping = Mappings(schema, "")[level];
        var required = mapping["required"] ?? mapping["oneOf"]?[0]!["required"];

        Assert.Equal(
            Complaints(manifest)
                .Select(message => Lacking.Match(message))
                .Where(match => match.Success)
                .Select(match => match.Groups[1].Value)
                .Order(StringComparer.Ordinal),
            // The key that says which kind of check it is has to be there already.
            (required?.AsArray() ?? [])
                .Select(key => (string)key!)
                .Where(key =>
                    !level.StartsWith(Check, StringComparison.Ordinal) || !manifest.Contains($"{key}: ", StringComparison.Ordinal)
                )
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Every_mapping_of_the_schema_is_compared_with_the_reader() =>
        Assert.Equal(
            Levels.Select(row => (string)row[0]).Order(StringComparer.Ordinal),
            Mappings(schema, "").Keys.Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Every_key_of_the_schema_is_described() =>
        Assert.Empty(
            Mappings(schema, "")
                .SelectMany(mapping =>
                    mapping.Value["properties"]!
                        .AsObject()
                        .Where(property => property.Value!["description"] is null && Resolved(property.Value)["description"] is null)
                        .Select(property => $"{mapping.Key}/{property.Key}")
                )
        );

    [Fact]
    public void The_schema_knows_the_readers_strategies() =>
        Assert.Equal(
            Enum.GetNames<BuildStrategy>().Select(name => name.ToLowerInvariant()),
            Mappings(schema, "")["/architectures/*"]["properties"]!["strategy"]!["enum"]!.AsArray().Select(name => (string)name!)
        );

    [Theory]
    [InlineData("debyard.yml")]
    [InlineData("dockerfiles/catalogue.yml")]
    public void The_repositorys_own_manifests_are_valid_for_the_schema_and_for_the_reader(string manifest)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Repository(manifest))));

        Assert.Empty(Invalid(yaml.Documents[0].RootNode, schema, ""));
        Assert.Equal("streamer", ManifestReader.Read(Repository(manifest)).Product);
    }

    [Theory]
    [InlineData("{ product: Player }", "/product: 'Player' does not match")]
    [InlineData("{ product: player, prodct: x }", "/prodct: unknown")]
    [InlineData(
        "{ product: player, architectures: { amd64: { strategy: nativ, triplet: t, toolchain: t } } }",
        "/architectures/amd64/strategy: 'nativ' is not one of"
    )]
    [InlineData("{ product: player, dependencies: { zip: { context: zip } } }", "/dependencies/zip: lacks version")]
    [InlineData("{ product: player, packages: { X: { context: x, version: 1 } } }", "/packages/X: 'X' does not match")]
    public void What_the_schema_refuses_is_seen_here(string manifest, string fault)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(manifest));

        Assert.StartsWith(fault, Assert.Single(Invalid(yaml.Documents[0].RootNode, schema, "")), StringComparison.Ordinal);
    }

    [GeneratedRegex("(?:lacks|: add) '([a-z-]+)'")]
    private static partial Regex Lacking { get; }

    static IEnumerable<string> Complaints(string manifest) =>
        Assert
            .Throws<ManifestException>(() => ManifestReader.Parse(manifest, "/nowhere/debyard.yml", "debyard.yml"))
            .Mistakes.Select(mistake => mistake.Message);

    /// <summary>
    /// The schema's mappings with keys of their own, by path: <c>*</c> for any name, <c>-</c> for an item of a list, and the definition's
    /// name where there are several to choose from.
    /// </summary>
    static Dictionary<string, JsonObject> Mappings(JsonObject node, string path)
    {
        node = Resolved(node);
        var found = new Dictionary<string, JsonObject>();
        if (node["properties"] is JsonObject)
        {
            found.Add(path, node);
        }
        (string Path, JsonNode? Node)[] inner =
        [
            .. (node["properties"]?.AsObject() ?? []).Select(property => ($"{path}/{property.Key}", property.Value)),
            ($"{path}/*", node["additionalProperties"]),
            ($"{path}/-", node["items"]),
            .. (node["anyOf"]?.AsArray() ?? []).Select(choice => (path + (NameOf(choice!) is { } name ? $"/{name}" : ""), choice)),
        ];
        foreach (
            var mapping in inner.Where(child => child.Node is JsonObject).SelectMany(child => Mappings(child.Node!.AsObject(), child.Path))
        )
        {
            found.Add(mapping.Key, mapping.Value);
        }
        return found;
    }

    // The schema's keywords about keys, patterns and enumerations: those that can go out of step with the reader.
    static IEnumerable<string> Invalid(YamlNode value, JsonObject node, string path)
    {
        node = Resolved(node);
        if (node["anyOf"] is JsonArray choices)
        {
            var invalid = choices.Select(choice => Invalid(value, choice!.AsObject(), path).ToList()).ToList();
            return invalid.MinBy(faults => faults.Count)!;
        }
        if (value is YamlMappingNode mapping)
        {
            var entries = mapping.Children.ToDictionary(pair => ((YamlScalarNode)pair.Key).Value!, pair => pair.Value);
            var lacking = (node["required"]?.AsArray() ?? [])
                .Select(key => (string)key!)
                .Where(key => !entries.ContainsKey(key))
                .Select(key => $"{path}: lacks {key}");
            return lacking.Concat(
                entries.SelectMany(entry =>
                    node["properties"]?[entry.Key] is JsonObject known ? Invalid(entry.Value, known, $"{path}/{entry.Key}")
                    : node["additionalProperties"] is JsonObject any
                        ? Text(entry.Key, node["propertyNames"]?.AsObject() ?? [], $"{path}/{entry.Key}")
                            .Concat(Invalid(entry.Value, any, $"{path}/{entry.Key}"))
                    : [$"{path}/{entry.Key}: unknown"]
                )
            );
        }
        return value is YamlSequenceNode sequence && node["items"] is JsonObject item
                ? sequence.SelectMany((each, index) => Invalid(each, item, $"{path}/{index}"))
            : value is YamlScalarNode { Value: { } text } ? Text(text, node, path)
            : [];
    }

    static IEnumerable<string> Text(string text, JsonObject node, string path)
    {
        node = Resolved(node);
        if (node["pattern"] is { } pattern && !Regex.IsMatch(text, (string)pattern!))
        {
            yield return $"{path}: '{text}' does not match {pattern}";
        }
        if (node["enum"] is JsonArray words && !words.Any(word => (string?)word == text))
        {
            yield return $"{path}: '{text}' is not one of {words.ToJsonString()}";
        }
    }

    static JsonObject Resolved(JsonNode node) => NameOf(node) is { } name ? schema["definitions"]![name]!.AsObject() : node.AsObject();

    static string? NameOf(JsonNode node) => node["$ref"] is { } reference ? ((string)reference!)["#/definitions/".Length..] : null;

    static string Repository(string name, [CallerFilePath] string thisFile = "")
    {
        var folder = Path.GetDirectoryName(thisFile)!;
        while (!File.Exists(Path.Combine(folder, "Debyard.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }
        return Path.Combine(folder, name);
    }
}
