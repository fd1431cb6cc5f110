using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Nuke.Common.IO;
using Nuke.Common.Parameters;

namespace Nuke.Common.Execution;

/// <summary><c>.nuke/build.schema.json</c>: by it editors and the <c>nuke</c> tool know the build's targets and parameters.</summary>
static class BuildSchema
{
    const string FileName = "build.schema.json";

    // All that NUKE has: the file must not change with where its stand-in is used.
    static readonly string[] hosts =
    [
        "AppVeyor",
        "AzurePipelines",
        "Bamboo",
        "Bitbucket",
        "Bitrise",
        "GitHubActions",
        "GitLab",
        "Jenkins",
        "Rider",
        "SpaceAutomation",
        "TeamCity",
        "Terminal",
        "TravisCI",
        "VSCode",
        "VisualStudio",
    ];

    public static void Write(NukeBuild build, IReadOnlyList<ParameterMember> parameters)
    {
        var file = NukeBuild.NukeDirectory / FileName;
        var schema = Text(build, parameters) + "\n";
        if (!file.FileExists() || file.ReadAllText() != schema)
            file.WriteAllText(schema);

        var parametersFile = NukeBuild.NukeDirectory / "parameters.json";
        if (!parametersFile.FileExists())
            parametersFile.WriteAllText(
                $$"""
                {
                  "$schema": "./{{FileName}}"
                }
                """
            );
    }

    static string Text(NukeBuild build, IReadOnlyList<ParameterMember> parameters)
    {
        using var buffer = new MemoryStream();
        using (
            var json = new Utf8JsonWriter(
                buffer,
                new JsonWriterOptions
                {
                    Indented = true,
                    NewLine = "\n",
                    Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                }
            )
        )
        {
            json.WriteStartObject();
            json.WriteString("$schema", "http://json-schema.org/draft-04/schema#");
            json.WriteStartObject("definitions");
            foreach (var definition in Definitions(build, parameters))
                Write(json, definition.Name, definition.Values, definition.IsEnum);
            json.WriteStartObject(nameof(NukeBuild));
            Write(json, parameters.Where(x => x.IsBuiltIn));
            json.WriteEndObject();
            json.WriteEndObject();

            json.WriteStartArray("allOf");
            json.WriteStartObject();
            if (parameters.Any(x => !x.IsBuiltIn))
                Write(json, parameters.Where(x => !x.IsBuiltIn));
            json.WriteEndObject();
            json.WriteStartObject();
            json.WriteString("$ref", $"#/definitions/{nameof(NukeBuild)}");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    // In the order in which the parameters, by name, first need them.
    static IEnumerable<(string Name, IEnumerable<string> Values, bool IsEnum)> Definitions(
        NukeBuild build,
        IReadOnlyList<ParameterMember> parameters
    ) =>
        parameters
            .Select(x =>
                (x.Name, Type: x.ScalarType) switch
                {
                    ("Host", _) => ("Host", hosts, false),
                    ("Target" or "Skip", _) when x.IsBuiltIn => (
                        "ExecutableTarget",
                        build.ExecutableTargets.Select(y => y.Name).Order(),
                        false
                    ),
                    (_, { IsEnum: true } type) when Nullable.GetUnderlyingType(x.Type) == null => (
                        type.Name,
                        (IEnumerable<string>)Enum.GetNames(type),
                        true
                    ),
                    _ => default,
                }
            )
            .Where(x => x.Item1 != null)
            .DistinctBy(x => x.Item1);

    static void Write(Utf8JsonWriter json, string name, IEnumerable<string> values, bool isEnum)
    {
        json.WriteStartObject(name);
        json.WriteString("type", "string");
        if (isEnum)
            json.WriteString("description", "");
        Write(json, "enum", values);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, IEnumerable<ParameterMember> parameters)
    {
        json.WriteStartObject("properties");
        foreach (var parameter in parameters)
            Write(json, parameter);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, ParameterMember parameter)
    {
        var (type, format, reference) = TypeOf(parameter);
        var isArray = parameter.Type.IsArray || reference == "ExecutableTarget";
        var isNullable = Nullable.GetUnderlyingType(parameter.Type) != null;

        json.WriteStartObject(parameter.Name);
        if (isArray)
            json.WriteString("type", "array");
        else if (isNullable)
            Write(json, "type", new[] { "null", type ?? "string" }.Order());
        else if (reference == null)
            json.WriteString("type", type);
        if (parameter.Description is { } description)
            json.WriteString("description", description);
        if (parameter.IsSecret)
            json.WriteString("default", "Secrets must be entered via 'nuke :secrets [profile]'");
        if (isArray)
        {
            json.WriteStartObject("items");
            WriteScalar();
            json.WriteEndObject();
        }
        else if (isNullable && parameter.ScalarType.IsEnum)
            Write(json, "enum", Enum.GetNames(parameter.ScalarType).Order());
        else if (reference != null || format != null)
            WriteScalar();
        json.WriteEndObject();

        void WriteScalar()
        {
            if (reference != null)
            {
                json.WriteString("$ref", $"#/definitions/{reference}");
                return;
            }
            if (isArray)
                json.WriteString("type", type);
            if (format != null)
                json.WriteString("format", format);
        }
    }

    static (string Type, string Format, string Reference) TypeOf(ParameterMember parameter) =>
        parameter.ScalarType switch
        {
            _ when parameter is { IsBuiltIn: true, Name: "Target" or "Skip" } => (null, null, "ExecutableTarget"),
            var type when type == typeof(Host) => (null, null, "Host"),
            { IsEnum: true } type => (null, null, type.Name),
            var type => Type.GetTypeCode(type) switch
            {
                TypeCode.Boolean => ("boolean", null, null),
                TypeCode.Int32 => ("integer", "int32", null),
                TypeCode.Int64 => ("integer", "int64", null),
                TypeCode.Single => ("number", "float", null),
                TypeCode.Double => ("number", "double", null),
                TypeCode.DateTime => ("string", "date-time", null),
                _ when type == typeof(TimeSpan) => ("string", "duration", null),
                _ when type == typeof(Uri) => ("string", "uri", null),
                _ when type == typeof(Guid) => ("string", "guid", null),
                _ => ("string", null, null),
            },
        };

    static void Write(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
