using Debyard.Debian.Packages;
using YamlDotNet.RepresentationModel;

namespace Debyard.Pipeline.Manifests;

/// <summary>Reads the <c>pack</c> section of a dependency or a package.</summary>
sealed class ManifestPacking(ManifestNames names, Mistakes mistakes)
{
    static readonly string[] scripts = ["preinst", "postinst", "prerm", "postrm"];

    /// <param name="node">The section.</param>
    /// <param name="context">The build context; its file <c>control</c> is the default of the key <c>control</c>.</param>
    public PackSection Read(YamlNode node, string? context)
    {
        var map = new YamlMap(node, "'pack'", mistakes);
        var fields = PackFields.Read(map, mistakes);
        var section = new PackSection
        {
            Line = node.Start.Line,
            Text = Canonical(node),
            From = map.Optional("from") is { } from ? names.Folder(from, map.Find("from")!) : null,
            Control = File(map, "control") ?? (context is null ? null : names.IfExists($"{context}/control")),
            Fields = fields,
            Contents = Items(map, "contents").Select(Content).ToList(),
            Scripts = Scripts(map),
            Units = Units(map),
            Changelog = File(map, "changelog"),
            Copyright = File(map, "copyright"),
            LintianOverrides = map.Texts("lintian-overrides"),
            Compression = Word(map, "compression", DebCompression.Xz),
            Level = map.OptionalNumber("level", 0, 19),
        };
        map.RefuseUnknownKeys();
        foreach (var (tag, _) in section.LintianOverrides.Where(pair => pair.Value.Trim().Length == 0))
        {
            mistakes.Add(map.Find("lintian-overrides")!, $"'{tag}' needs a reason: why is the package right?");
        }
        if (section is { Level: > 9, Compression: not DebCompression.Zstd })
        {
            mistakes.Add(map.Find("level")!, "'level' must be a number from 0 to 9; only zstd has more");
        }
        if (section.From is null && context is null)
        {
            mistakes.Add(node, "'pack' lacks 'from', the folder to pack: there is no 'context' to build an image from");
        }
        if (section.From is not null && context is not null)
        {
            mistakes.Add(
                map.Find("from")!,
                "'from' and 'context' exclude each other: with a context, the image's folder /package is packed"
            );
        }
        return section;
    }

    static string Canonical(YamlNode node) =>
        node switch
        {
            YamlMappingNode map => $"{{{string.Join(",", map.Select(pair => $"{Canonical(pair.Key)}:{Canonical(pair.Value)}"))}}}",
            YamlSequenceNode list => $"[{string.Join(",", list.Select(Canonical))}]",
            _ => System.Text.Json.JsonSerializer.Serialize(((YamlScalarNode)node).Value),
        };

    PackContent Content(YamlNode node)
    {
        var map = new YamlMap(node, "this entry of 'contents'", mistakes);
        var to = map.Required("to");
        var from = map.Optional("from") is { } source ? names.Source(source, map.Find("from")!) : null;
        var (text, link) = (map.Optional("text"), map.Optional("link"));
        var implied =
            link is not null ? PackContentType.Symlink
            : from is null && text is null ? PackContentType.Change
            : PackContentType.File;
        var type = Word(map, "type", implied);
        var content = new PackContent(node.Start.Line, type, from, to, text, link, map.Optional("owner"), map.Optional("group"), Mode(map));
        map.RefuseUnknownKeys();
        if (to.Length > 0 && (!to.StartsWith('/') || to.Split('/').Contains("..") || to.Contains("//", StringComparison.Ordinal)))
        {
            mistakes.Add(map.Find("to")!, $"'{to}' is outside the package: use an absolute path without '..'");
        }
        if (new object?[] { from, text, link }.Count(value => value is not null) > 1)
        {
            mistakes.Add(node, "'from', 'text' and 'link' exclude each other");
        }
        var fits = type switch
        {
            PackContentType.Symlink => link is not null,
            PackContentType.Folder or PackContentType.Change or PackContentType.Remove => from is null && text is null && link is null,
            PackContentType.File => link is null && (from ?? text) is not null,
            _ => link is null,
        };
        if (!fits)
        {
            mistakes.Add(node, $"type '{type.ToString().ToLowerInvariant()}' does not fit the other keys of this entry");
        }
        return content;
    }

    static readonly UnixFileMode anyMode = (UnixFileMode)0xfff;

    UnixFileMode? Mode(YamlMap map)
    {
        if (map.Optional("mode") is not { } text)
        {
            return null;
        }
        var digits = text.StartsWith("0o", StringComparison.Ordinal) ? text[2..] : text;
        if (digits.Length is 3 or 4 && digits.All(digit => digit is >= '0' and <= '7'))
        {
            return (UnixFileMode)Convert.ToInt32(digits, 8) & anyMode;
        }
        mistakes.Add(map.Find("mode")!, $"'{text}' is not a mode: use three or four octal digits, such as 0644");
        return null;
    }

    Dictionary<string, string> Scripts(YamlMap map)
    {
        var found = new Dictionary<string, string>();
        if (map.Find("scripts") is { } node)
        {
            var section = new YamlMap(node, "'scripts'", mistakes);
            foreach (var script in scripts)
            {
                if (File(section, script) is { } file)
                {
                    found.Add(script, file);
                }
            }
            section.RefuseUnknownKeys();
        }
        return found;
    }

    List<PackUnit> Units(YamlMap map)
    {
        if (map.Find("units") is not { } node)
        {
            return [];
        }
        return
        [
            .. new YamlMap(node, "'units'", mistakes).Entries.Select(entry =>
            {
                var unit = new YamlMap(entry.Value, $"'{entry.Key}'", mistakes);
                var read = new PackUnit(
                    entry.KeyNode.Start.Line,
                    entry.Key,
                    Flag(unit, "enable"),
                    Flag(unit, "start"),
                    Word(unit, "restart", UnitRestart.After)
                );
                unit.RefuseUnknownKeys();
                return read;
            }),
        ];
    }

    bool Flag(YamlMap map, string key)
    {
        var text = map.Optional(key) ?? "true";
        if (text is not ("true" or "false"))
        {
            mistakes.Add(map.Find(key)!, $"'{key}' must be true or false");
        }
        return text != "false";
    }

    T Word<T>(YamlMap map, string key, T otherwise)
        where T : struct, Enum
    {
        if (map.Optional(key) is not { } text)
        {
            return otherwise;
        }
        var words = Enum.GetNames<T>().Select(name => name.ToLowerInvariant()).ToList();
        if (words.IndexOf(text) is >= 0 and var index)
        {
            return Enum.GetValues<T>()[index];
        }
        mistakes.Add(map.Find(key)!, $"there is no {key} '{text}'; {NearestWord.Suggestion(text, words)}");
        return otherwise;
    }

    string? File(YamlMap map, string key) => map.Optional(key) is { } file ? names.File(file, map.Find(key)!) : null;

    IEnumerable<YamlNode> Items(YamlMap map, string key)
    {
        switch (map.Find(key))
        {
            case null:
                return [];
            case YamlSequenceNode sequence:
                return sequence;
            case var other:
                mistakes.Add(other, $"'{key}' must be a list");
                return [];
        }
    }
}
