using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Debyard.Pipeline.Manifests;

/// <summary>Values of a YAML mapping that have a syntax of their own.</summary>
static partial class YamlValues
{
    static readonly TimeSpan LongestDuration = TimeSpan.FromHours(1);

    [GeneratedRegex("^([0-9]{1,7})(ms|s|m)$")]
    private static partial Regex Duration { get; }

    [GeneratedRegex(@"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$")]
    private static partial Regex Number { get; }

    extension(YamlMap map)
    {
        /// <summary>Adds a mistake at the value of a key.</summary>
        public void Refuse(string key, string message) => map.Mistakes.Add(map.Find(key) ?? map.Node, message);

        public bool Flag(string key)
        {
            var text = map.Optional(key);
            if (text is not (null or "true" or "false"))
            {
                map.Refuse(key, $"'{key}' must be true or false");
            }
            return text == "true";
        }

        public TimeSpan? OptionalDuration(string key)
        {
            if (map.Optional(key) is not { } text)
            {
                return null;
            }
            if (Duration.Match(text) is { Success: true } match)
            {
                var number = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
                var duration = match.Groups[2].Value switch
                {
                    "ms" => TimeSpan.FromMilliseconds(number),
                    "s" => TimeSpan.FromSeconds(number),
                    _ => TimeSpan.FromMinutes(number),
                };
                if (duration > TimeSpan.Zero && duration <= LongestDuration)
                {
                    return duration;
                }
            }
            map.Refuse(key, $"'{key}' must be a duration such as 500ms, 30s or 2m, at most 60m");
            return null;
        }

        /// <summary>One of the names of an enumeration, in lower case.</summary>
        public T? OptionalWord<T>(string key)
            where T : struct, Enum
        {
            if (map.Optional(key) is not { } text)
            {
                return null;
            }
            var words = Enum.GetNames<T>().Select(name => name.ToLowerInvariant()).ToList();
            if (words.IndexOf(text) is >= 0 and var index)
            {
                return Enum.GetValues<T>()[index];
            }
            map.Refuse(key, $"'{key}' cannot be '{text}'; {NearestWord.Suggestion(text, words)}");
            return null;
        }

        /// <summary>A port number, or <c>{port}</c> for the scenario's port.</summary>
        public int? ScenarioPortOr(string key)
        {
            if (map.Find(key) is YamlScalarNode { Value: "{port}" })
            {
                return null;
            }
            if (map.Find(key) is YamlMappingNode)
            {
                // What YAML makes of {port} without quotes.
                map.Refuse(key, $"'{key}' must be a port number, or \"{{port}}\" in quotes");
                return null;
            }
            return map.OptionalNumber(key, 1, 65535);
        }

        public string? OptionalAddress()
        {
            var text = map.Optional("address");
            if (text is not null && !(IPAddress.TryParse(text, out _) && (text.Contains(':') || text.Count(letter => letter == '.') == 3)))
            {
                map.Refuse("address", $"'{text}' is not an IP address, such as 127.0.0.1 or ::1");
            }
            return text;
        }

        public IReadOnlyList<string> RegularExpressions(string key) =>
            [.. map.List(key).Select(item => RegularExpression(item.Text, item.Node, map.Mistakes))];

        /// <summary>What a text must be like: <c>contains</c>, <c>not-contains</c>, <c>matches</c>, and a key for the whole text.</summary>
        public TextExpectation TextExpectation(string? exact = null) =>
            new(
                exact is null ? null : map.Optional(exact),
                [.. map.List("contains").Select(item => item.Text)],
                [.. map.List("not-contains").Select(item => item.Text)],
                map.RegularExpressions("matches")
            );

        /// <summary>Absolute paths in the container.</summary>
        public IReadOnlyList<string> AbsolutePaths(string key) =>
            [.. map.List(key).Select(item => AbsolutePath(item.Text, item.Node, map.Mistakes))];

        /// <summary>Absolute paths in the container, and files beside the manifest.</summary>
        public IReadOnlyDictionary<string, string> FilesByPath(string key, ManifestNames names) =>
            map.Find(key) is { } section
                ? new YamlMap(section, $"'{key}'", map.Mistakes).Entries.ToDictionary(
                    entry => AbsolutePath(entry.Key, entry.KeyNode, map.Mistakes),
                    entry => names.File((entry.Value as YamlScalarNode)?.Value ?? "", entry.Value)
                )
                : new Dictionary<string, string>();

        /// <summary>Bytes in hexadecimal: text with escapes, or digits at the key with <c>-hex</c> appended.</summary>
        public string? OptionalBytes(string key)
        {
            var hexKey = $"{key}-hex";
            if (map.Optional(hexKey) is { } digits)
            {
                if (map.Find(key) is not null)
                {
                    map.Refuse(hexKey, $"'{hexKey}' and '{key}' exclude each other");
                }
                digits = digits.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
                if (digits.Length % 2 == 0 && digits.All(char.IsAsciiHexDigit))
                {
                    return digits;
                }
                map.Refuse(hexKey, $"'{hexKey}' must be pairs of hexadecimal digits, such as 0d 0a");
                return null;
            }
            if (map.Optional(key) is not { } text)
            {
                return null;
            }
            if (Escaped.ToHex(text) is not { } bytes)
            {
                map.Refuse(key, $@"'{key}' has an invalid escape: use \r, \n, \t, \0, \e, \\ or \xFF");
                return null;
            }
            return bytes;
        }
    }

    public static string RegularExpression(string pattern, YamlNode node, Mistakes mistakes)
    {
        try
        {
            _ = new Regex(pattern);
        }
        catch (RegexParseException exception)
        {
            mistakes.Add(node, $"invalid regular expression: {exception.Message}");
        }
        return pattern;
    }

    public static string JsonPath(string path, YamlNode node, Mistakes mistakes)
    {
        try
        {
            _ = new JObject().SelectTokens(path).Count();
        }
        catch (JsonException exception)
        {
            mistakes.Add(node, $"invalid JSON path '{path}': {exception.Message}");
        }
        return path;
    }

    public static string AbsolutePath(string path, YamlNode node, Mistakes mistakes)
    {
        if (!path.StartsWith('/') || path.Split('/').Contains(".."))
        {
            mistakes.Add(node, $"'{path}' must be an absolute path in the container");
        }
        return path;
    }

    /// <summary>A value as JSON text. Without quotes, numbers, <c>true</c>, <c>false</c> and <c>null</c> are what they look like.</summary>
    public static string Json(YamlNode node, Mistakes mistakes)
    {
        switch (node)
        {
            case YamlScalarNode { Style: ScalarStyle.Plain, Value: var plain }
                when plain is "true" or "false" or "null" || plain is not null && Number.IsMatch(plain):
                return plain;
            case YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" }:
                return "null";
            case YamlScalarNode scalar:
                return JsonConvert.ToString(scalar.Value);
            case YamlSequenceNode sequence:
                return $"[{string.Join(',', sequence.Select(item => Json(item, mistakes)))}]";
            default:
                mistakes.Add(node, "compare the members of an object one by one, each with a path of its own");
                return "null";
        }
    }
}
