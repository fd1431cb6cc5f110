using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Debyard.Pipeline.Manifests;

/// <summary>Reads the <c>ci</c> section.</summary>
static partial class ManifestCi
{
    // https://docs.gitlab.com/ci/variables/: letters, digits and underscores.
    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex VariableName { get; }

    public static CiSettings Read(YamlMap map, ManifestNames names, Mistakes mistakes)
    {
        var settings = new CiSettings
        {
            Shape = Shape(map, mistakes),
            Image = map.Optional("image"),
            Services = [.. map.List("services").Select(item => item.Text)],
            Tags = [.. map.List("tags").Select(item => item.Text)],
            ArchitectureTags = ArchitectureTags(map.Find("architecture-tags"), names, mistakes),
            Variables = Variables(map.Find("variables"), mistakes),
            Secrets = [.. map.List("secrets").Select(item => Variable(item.Text, item.Node, mistakes))],
            AutoStop = map.Optional("auto-stop") ?? CiSettings.DefaultAutoStop,
            IsNightly = Flag(map, "nightly", mistakes),
            HasRelease = Flag(map, "release", mistakes),
        };
        map.RefuseUnknownKeys();
        return settings;
    }

    static CiShape Shape(YamlMap map, Mistakes mistakes)
    {
        if (map.Optional("shape") is not { } text)
        {
            return CiShape.Simple;
        }
        var shapes = Enum.GetNames<CiShape>().Select(name => name.ToLowerInvariant()).ToList();
        if (!shapes.Contains(text))
        {
            mistakes.Add(map.Find("shape")!, $"there is no shape '{text}'; {NearestWord.Suggestion(text, shapes)}");
        }
        return (CiShape)Math.Max(0, shapes.IndexOf(text));
    }

    static Dictionary<string, IReadOnlyList<string>> ArchitectureTags(YamlNode? node, ManifestNames names, Mistakes mistakes)
    {
        var tags = new Dictionary<string, IReadOnlyList<string>>();
        if (node is not null)
        {
            var map = new YamlMap(node, "'architecture-tags'", mistakes);
            foreach (var (key, keyNode, _) in map.Entries)
            {
                names.DeclaredArchitecture(key, keyNode);
                tags[key] = [.. map.List(key).Select(item => item.Text)];
            }
        }
        return tags;
    }

    static IReadOnlyDictionary<string, string> Variables(YamlNode? node, Mistakes mistakes)
    {
        if (node is null)
        {
            return new Dictionary<string, string>();
        }
        var map = new YamlMap(node, "'variables'", mistakes);
        var variables = new Dictionary<string, string>();
        foreach (var (key, keyNode, _) in map.Entries)
        {
            variables[Variable(key, keyNode, mistakes)] = map.Optional(key) ?? "";
        }
        return variables;
    }

    static string Variable(string name, YamlNode node, Mistakes mistakes)
    {
        if (!VariableName.IsMatch(name))
        {
            mistakes.Add(node, $"'{name}' is not a valid variable name: use letters, digits and '_'");
        }
        return name;
    }

    static bool Flag(YamlMap map, string key, Mistakes mistakes)
    {
        var text = map.Optional(key);
        if (text is not (null or "true" or "false"))
        {
            mistakes.Add(map.Find(key)!, $"'{key}' must be true or false");
        }
        return text == "true";
    }
}
