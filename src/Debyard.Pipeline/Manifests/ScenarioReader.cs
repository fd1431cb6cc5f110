using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Debyard.Pipeline.Manifests;

/// <summary>Reads a scenario of the <c>validation</c> section.</summary>
static partial class ScenarioReader
{
    const string PortPlaceholder = "{port}";

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex VariableName { get; }

    // systemd.unit(5), "Unit file names"
    [GeneratedRegex(@"^[A-Za-z0-9:_.\\@-]+\.(?:service|socket|target|timer|path|mount|device|automount|swap|slice|scope)$")]
    private static partial Regex UnitName { get; }

    public static Scenario Read(string name, YamlMap map, Init? initOfPlan, ManifestNames names)
    {
        var start = Start(map);
        var scenario = new Scenario(name)
        {
            Files = map.FilesByPath("files", names),
            Environment = Environment(map),
            Init = map.OptionalWord<Init>("init") ?? (start.Count > 0 ? Init.None : initOfPlan),
            Units = [.. map.List("units").Select(unit => Unit(unit.Text, unit.Node, map.Mistakes))],
            Install = [.. map.List("install").Select(package => names.Package(package.Text, package.Node))],
            Start = start,
            Port = map.OptionalNumber("port", 1, 65535),
            Timeout = map.OptionalDuration("timeout") ?? Scenario.DefaultTimeout,
        };
        var checks = map.Find("checks") switch
        {
            YamlSequenceNode sequence => sequence.Select(node => (Node: node, Check: CheckReader.Read(node, names, map.Mistakes))).ToList(),
            _ => [],
        };
        if (map.Find("checks") is { } other and not YamlSequenceNode)
        {
            map.Mistakes.Add(other, "'checks' must be a list");
        }
        else if (checks.Count == 0)
        {
            map.Mistakes.Add(map.Node, $"'{name}' lacks 'checks'");
        }
        map.RefuseUnknownKeys();
        scenario = scenario with { Checks = [.. checks.Select(entry => entry.Check).OfType<Check>()] };
        RefuseContradictions(scenario, map);
        foreach (var (node, check) in checks.Where(entry => entry.Check is not null))
        {
            RefuseUnfit(check!, node, scenario, names, map.Mistakes);
        }
        return scenario;
    }

    static IReadOnlyList<StartCommand> Start(YamlMap map) =>
        map.Find("start") is YamlMappingNode ? [.. map.Texts("start").Select(command => new StartCommand(command.Key, command.Value))]
        : map.Optional("start") is { } command ? [new StartCommand(StartCommand.DefaultName, command)]
        : [];

    static IReadOnlyDictionary<string, string> Environment(YamlMap map)
    {
        var names = (map.Find("environment") as YamlMappingNode)?.Children.Keys.OfType<YamlScalarNode>() ?? [];
        foreach (var name in names.Where(name => !VariableName.IsMatch(name.Value ?? "")))
        {
            map.Mistakes.Add(name, $"'{name.Value}' is not a valid name of an environment variable");
        }
        return map.Texts("environment");
    }

    static string Unit(string unit, YamlNode node, Mistakes mistakes)
    {
        if (!UnitName.IsMatch(unit))
        {
            mistakes.Add(node, $"'{unit}' is not a unit of systemd, such as streamer.service");
        }
        return unit;
    }

    static void RefuseContradictions(Scenario scenario, YamlMap map)
    {
        if (scenario.Start.Count > 0 && scenario.Init != Init.None)
        {
            map.Refuse("start", "'start' needs 'init: none'; otherwise the packages' units start the services");
        }
        if (scenario.Units.Count > 0 && scenario.Init == Init.None)
        {
            map.Refuse("units", "'units' needs 'init: systemd' or 'init: exec'");
        }
        if (
            scenario.Init == Init.None
            && scenario.Start.Count == 0
            && scenario.Checks.Any(check => check.UsesScenarioPort || check is LogCheck)
        )
        {
            map.Mistakes.Add(map.Node, $"'{scenario.Name}' lacks 'start', because 'init: none' starts nothing by itself");
        }
    }

    static void RefuseUnfit(Check check, YamlNode node, Scenario scenario, ManifestNames names, Mistakes mistakes)
    {
        if (check.UsesScenarioPort && scenario.Port is null && !MentionsPort(scenario, names))
        {
            mistakes.Add(
                node,
                "this check needs a port: set 'port', here or for the scenario, or put {port} into 'start', 'environment' or one of 'files'"
            );
        }
        if (check is UnitsCheck && scenario.Init is Init.Exec or Init.None)
        {
            mistakes.Add(node, "'units: ok' needs 'init: systemd'");
        }
        if (check is LogCheck { Service: var service })
        {
            List<string> services = [.. scenario.Units, .. scenario.Start.Select(command => command.Name)];
            if (services.Count == 0)
            {
                Unit(service, node, mistakes);
            }
            else if (!services.Contains(service))
            {
                mistakes.Add(node, $"'log' cannot be '{service}'; {NearestWord.Suggestion(service, services)}");
            }
        }
    }

    static bool MentionsPort(Scenario scenario, ManifestNames names) =>
        scenario
            .Start.Select(command => command.Command)
            .Concat(scenario.Environment.Values)
            .Any(text => text.Contains(PortPlaceholder, StringComparison.Ordinal))
        || scenario.Files.Values.Any(file => names.FileContains(file, "{port}"u8));
}
