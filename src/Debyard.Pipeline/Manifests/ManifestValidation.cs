using YamlDotNet.RepresentationModel;

namespace Debyard.Pipeline.Manifests;

/// <summary>Reads the <c>validation</c> section.</summary>
static class ManifestValidation
{
    public static ValidationPlan Read(YamlMap map, ManifestNames names, Mistakes mistakes)
    {
        var plan = new ValidationPlan(
            names.Base(map.Required("base"), map),
            [.. map.List("install").Select(item => names.MainPackage(item.Text, item.Node))],
            map.Find("scenarios") is { } scenarios
                ?
                [
                    .. new YamlMap(scenarios, "'scenarios'", mistakes).Entries.Select(entry =>
                        Scenario(entry.Key, entry.Value, names, mistakes)
                    ),
                ]
                : []
        );
        map.RefuseUnknownKeys();
        if (plan.Install.Count == 0)
        {
            mistakes.Add(map.Node, "'validation' lacks 'install', the packages to install");
        }
        return plan;
    }

    static Scenario Scenario(string name, YamlNode node, ManifestNames names, Mistakes mistakes)
    {
        var map = new YamlMap(node, $"'{name}'", mistakes);
        var files = map.Find("files") is { } section
            ? new YamlMap(section, "'files'", mistakes).Entries.ToDictionary(
                entry => Absolute(entry.Key, entry.KeyNode, mistakes),
                entry => names.File((entry.Value as YamlScalarNode)?.Value ?? "", entry.Value)
            )
            : [];
        var checks = map.Find("checks") switch
        {
            YamlSequenceNode sequence => sequence.Select(item => Check(item, mistakes)).ToList(),
            null => [],
            var other => Refuse(other, "'checks' must be a list", mistakes),
        };
        var scenario = new Scenario(name, files, map.Required("start"), map.OptionalNumber("port", 1, 65535), checks);
        map.RefuseUnknownKeys();
        if (checks.Count == 0)
        {
            mistakes.Add(node, $"'{name}' lacks 'checks'");
        }
        return scenario;
    }

    static HttpCheck Check(YamlNode node, Mistakes mistakes)
    {
        var map = new YamlMap(node, "this check", mistakes);
        var check = new HttpCheck(
            map.Required("get"),
            map.Texts("headers"),
            map.OptionalNumber("status", 100, 599) ?? 200,
            map.Optional("contains"),
            map.OptionalNumber("length", 0, int.MaxValue),
            map.Optional("content-type")
        );
        if (!check.Path.StartsWith('/'))
        {
            mistakes.Add(map.Find("get") ?? node, $"'{check.Path}' must begin with '/'");
        }
        map.RefuseUnknownKeys();
        return check;
    }

    static string Absolute(string path, YamlNode node, Mistakes mistakes)
    {
        if (!path.StartsWith('/') || path.Split('/').Contains(".."))
        {
            mistakes.Add(node, $"'{path}' must be an absolute path in the container");
        }
        return path;
    }

    static List<HttpCheck> Refuse(YamlNode node, string message, Mistakes mistakes)
    {
        mistakes.Add(node, message);
        return [];
    }
}
