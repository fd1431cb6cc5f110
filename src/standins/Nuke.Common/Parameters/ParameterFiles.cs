using System.Text.Json;
using Nuke.Common.IO;

namespace Nuke.Common.Parameters;

/// <summary><c>.nuke/parameters.json</c> and the profiles in use, the last of them first.</summary>
sealed class ParameterFiles
{
    static readonly JsonDocumentOptions lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    readonly IReadOnlyList<ParameterMember> parameters;
    readonly List<(string Profile, JsonElement Content)> files = [];

    public ParameterFiles(AbsolutePath directory, IEnumerable<string> profiles, IReadOnlyList<ParameterMember> parameters)
    {
        this.parameters = parameters;
        if ((directory / "parameters.json").FileExists())
            files.Add((null, Read(directory / "parameters.json")));
        foreach (var profile in profiles)
        {
            var file = directory / $"parameters.{profile}.json";
            Assert.FileExists(file, $"Expected file to exist: {file}");
            files.Insert(0, (profile, Read(file)));
        }
    }

    public object Lookup(string name, Type type)
    {
        foreach (var (profile, content) in files)
        {
            if (content.TryGetProperty(name, out var value))
                return Convert(name, value, type, profile);
        }
        return null;
    }

    object Convert(string name, JsonElement value, Type type, string profile)
    {
        var member = parameters.FirstOrDefault(x => x.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (member?.ScalarType == typeof(AbsolutePath))
        {
            var path = value.GetString();
            return PathText.IsRooted(path) ? (AbsolutePath)path : NukeBuild.RootDirectory / path;
        }
        if (member is { IsSecret: true })
            return EncryptedValue.Decrypt(value.GetString(), name, profile);
        return Convert(value, type);
    }

    static object Convert(JsonElement value, Type type)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return null;
        if (!type.IsArray)
            return value.ValueKind is JsonValueKind.Array or JsonValueKind.Object
                ? throw ParameterValue.ConversionFailure($"Value '{value}' could not be converted to '{TypeName.Of(type)}'")
                : ParameterValue.ConvertWord(value.ToString(), type);

        if (value.ValueKind != JsonValueKind.Array)
            throw ParameterValue.ConversionFailure($"Value '{value}' could not be converted to '{TypeName.Of(type)}'");
        var array = Array.CreateInstance(type.GetElementType()!, value.GetArrayLength());
        for (var i = 0; i < array.Length; i++)
            array.SetValue(Convert(value[i], type.GetElementType()), i);
        return array;
    }

    static JsonElement Read(AbsolutePath file)
    {
        try
        {
            return JsonDocument.Parse(file.ReadAllText(), lenient).RootElement;
        }
        catch (JsonException exception)
        {
            throw ParameterValue.ConversionFailure($"{file}: {exception.Message}");
        }
    }
}
