using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Debyard.Pipeline.Manifests;

/// <summary>Reads a check of a scenario. Its kind is the key that says what is checked.</summary>
static partial class CheckReader
{
    static readonly Dictionary<string, Func<YamlMap, ManifestNames, Check>> kinds = new(StringComparer.Ordinal)
    {
        ["get"] = HttpCheckReader.Read,
        ["http"] = HttpCheckReader.Read,
        ["tcp"] = Tcp,
        ["listening"] = (map, _) => new ListeningCheck(map.ScenarioPortOr("listening"), map.OptionalAddress()),
        ["run"] = (map, _) => Command(map),
        ["file"] = (map, _) => File(map),
        ["log"] = (map, _) => new LogCheck(map.Required("log")) { Lines = map.TextExpectation() },
        ["units"] = (map, _) => Units(map),
    };

    [GeneratedRegex("^0*([0-7]{1,4})$")]
    private static partial Regex FileMode { get; }

    /// <returns>Null if the kind is unknown, which is a mistake.</returns>
    public static Check? Read(YamlNode node, ManifestNames names, Mistakes mistakes)
    {
        if (node is not YamlMappingNode)
        {
            mistakes.Add(node, "a check must be a mapping of keys to values");
            return null;
        }
        var keys = new YamlMap(node, "a check", mistakes).Entries.ToList();
        if (keys.Select(entry => entry.Key).FirstOrDefault(kinds.ContainsKey) is not { } kind)
        {
            RefuseKind(keys, node, mistakes);
            return null;
        }
        var map = new YamlMap(node, kind is "get" or "http" ? "an HTTP check" : $"a check with '{kind}'", mistakes);
        if (map.Find(kind) is null)
        {
            mistakes.Add(node, $"'{kind}' is empty");
            return null;
        }
        var check = kinds[kind](map, names) with
        {
            Name = map.Optional("name"),
            Timeout = map.OptionalDuration("timeout") ?? Check.DefaultTimeout,
            Within = map.OptionalDuration("within"),
            Line = node.Start.Line,
        };
        map.RefuseUnknownKeys();
        return check;
    }

    static void RefuseKind(List<(string Key, YamlNode KeyNode, YamlNode Value)> keys, YamlNode node, Mistakes mistakes)
    {
        var misspelt = keys.Where(entry => NearestWord.To(entry.Key, kinds.Keys) is not null).Concat(keys).FirstOrDefault();
        mistakes.Add(
            misspelt.KeyNode ?? node,
            misspelt.Key is { } key
                ? $"a check has no key '{key}'; {NearestWord.Suggestion(key, kinds.Keys)}"
                : $"a check needs one of {string.Join(", ", kinds.Keys)}"
        );
    }

    static TcpCheck Tcp(YamlMap map, ManifestNames names)
    {
        var address = map.OptionalAddress() ?? "127.0.0.1";
        return new(map.ScenarioPortOr("tcp"))
        {
            Address = address,
            Tls = TlsReader.Read(map, address, names),
            Send = map.OptionalBytes("send"),
            Expect = map.OptionalBytes("expect"),
            Text = map.TextExpectation(),
        };
    }

    static CommandCheck Command(YamlMap map)
    {
        var arguments = map.List("run").Select(item => item.Text).ToList();
        return new(arguments, ByShell: map.Find("run") is not YamlSequenceNode)
        {
            ExitCode = map.OptionalNumber("exit-code", 0, 255) ?? 0,
            Output = map.TextExpectation(),
        };
    }

    static FileCheck File(YamlMap map)
    {
        var mode = map.Optional("mode");
        if (mode is not null && !FileMode.IsMatch(mode))
        {
            map.Refuse("mode", $"'{mode}' is not a file mode in octal, such as 0644");
        }
        var check = new FileCheck(YamlValues.AbsolutePath(map.Required("file"), map.Find("file")!, map.Mistakes))
        {
            Absent = map.Flag("absent"),
            Owner = map.Optional("owner"),
            Group = map.Optional("group"),
            Mode = mode is null ? null : FileMode.Replace(mode, "$1"),
            Symlink = map.Optional("symlink"),
            Content = map.TextExpectation("content"),
        };
        if (check.Absent && check is not { Owner: null, Group: null, Mode: null, Symlink: null, Content.IsEmpty: true })
        {
            map.Refuse("absent", "a file that must be absent has nothing else to check");
        }
        return check;
    }

    static UnitsCheck Units(YamlMap map)
    {
        if (map.Optional("units") is { } text and not "ok")
        {
            map.Refuse("units", $"'units' can only be 'ok', not '{text}': no unit has failed");
        }
        return new UnitsCheck();
    }
}
