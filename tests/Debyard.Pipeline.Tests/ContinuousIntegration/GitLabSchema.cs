using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using NJsonSchema;
using YamlDotNet.Serialization;

namespace Debyard.Pipeline.Tests.ContinuousIntegration;

/// <summary>
/// GitLab's JSON schema of <c>.gitlab-ci.yml</c>: <c>src/schema.json</c> of https://github.com/firecow/gitlab-ci-local at commit
/// 4e945cdd3cc244517a59f54f1e1fca2400c42a1a, which has it from GitLab (<c>app/assets/javascripts/editor/schema/ci.json</c>). MIT.
/// </summary>
static partial class GitLabSchema
{
    // NJsonSchema ignores "const", which means the same as an "enum" of one. It enforces "format", which contradicts the patterns that
    // allow variables.
    static readonly Lazy<Task<JsonSchema>> schema = new(() =>
        JsonSchema.FromJsonAsync(
            Const
                .Replace(File.ReadAllText(Beside("gitlab-ci.schema.json")), "\"enum\": [$1]")
                .Replace("\"format\": \"uri\",", "", StringComparison.Ordinal)
        )
    );

    [GeneratedRegex("\"const\": (\"[^\"]*\"|true|false)")]
    private static partial Regex Const { get; }

    /// <summary>What is wrong with each document of the file; empty if nothing is.</summary>
    public static async Task<IReadOnlyList<string>> ErrorsAsync(string yaml)
    {
        var deserializer = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var errors = new List<string>();
        foreach (var document in yaml.Split("\n---\n"))
        {
            var json = new SerializerBuilder().JsonCompatible().Build().Serialize(deserializer.Deserialize(document)!);
            errors.AddRange((await schema.Value).Validate(json).Select(error => error.ToString()));
        }
        return errors;
    }

    static string Beside(string name, [CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, name);
}
