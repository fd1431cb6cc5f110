namespace Debyard.Pipeline.Manifests;

/// <summary>Reads the <c>rpm</c> section of a dependency or package.</summary>
static class ManifestRpm
{
    public static RpmSettings Read(YamlMap package, Mistakes mistakes)
    {
        if (package.Find("rpm") is not { } node)
        {
            return RpmSettings.None;
        }
        var map = new YamlMap(node, "'rpm'", mistakes);
        var settings = new RpmSettings
        {
            Requires = map.Find("requires") is null ? null : [.. map.List("requires").Select(item => OneLine(item, mistakes))],
            Ignore = [.. map.List("ignore").Select(item => item.Text)],
            Scripts = map.Texts("scripts"),
            License = map.Optional("license"),
        };
        foreach (var script in settings.Scripts.Keys.Where(script => !RpmSettings.ScriptNames.Contains(script)))
        {
            mistakes.Add(map.Find("scripts")!, $"rpm has no script '{script}'; {NearestWord.Suggestion(script, RpmSettings.ScriptNames)}");
        }
        map.RefuseUnknownKeys();
        return settings;
    }

    static string OneLine((string Text, YamlDotNet.RepresentationModel.YamlNode Node) item, Mistakes mistakes)
    {
        if (item.Text.Contains('\n', StringComparison.Ordinal) || item.Text.Trim().Length == 0)
        {
            mistakes.Add(item.Node, "'requires' is a list of single relations such as 'python3 >= 3.11'");
        }
        return item.Text.Trim();
    }
}
