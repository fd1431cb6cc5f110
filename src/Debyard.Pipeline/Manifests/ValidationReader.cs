namespace Debyard.Pipeline.Manifests;

/// <summary>Reads the <c>validation</c> section.</summary>
static class ValidationReader
{
    public static ValidationPlan Read(YamlMap map, ManifestNames names)
    {
        var init = map.OptionalWord<Init>("init");
        var plan = new ValidationPlan(
            names.Base(map.Required("base"), map),
            [.. map.List("install").Select(item => names.MainPackage(item.Text, item.Node))],
            init,
            map.Find("life") is { } life ? Life(new YamlMap(life, "'life'", map.Mistakes), names) : null,
            map.Find("scenarios") is { } scenarios
                ?
                [
                    .. new YamlMap(scenarios, "'scenarios'", map.Mistakes).Entries.Select(entry =>
                        ScenarioReader.Read(entry.Key, new YamlMap(entry.Value, $"'{entry.Key}'", map.Mistakes), init, names)
                    ),
                ]
                : []
        );
        map.RefuseUnknownKeys();
        if (plan.Install.Count == 0)
        {
            map.Mistakes.Add(map.Node, "'validation' lacks 'install', the packages to install");
        }
        return plan;
    }

    static LifePlan Life(YamlMap map, ManifestNames names)
    {
        var life = new LifePlan(
            map.Flag("upgrade"),
            map.AbsolutePaths("data"),
            map.FilesByPath("configuration", names),
            map.OptionalWord<Downgrade>("downgrade"),
            map.AbsolutePaths("leftovers")
        );
        if (!life.Upgrade && life.Data.Count + life.Configuration.Count > 0)
        {
            map.Refuse(life.Data.Count > 0 ? "data" : "configuration", "what an upgrade must keep needs 'upgrade: true'");
        }
        map.RefuseUnknownKeys();
        return life;
    }
}
