using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Debyard.Pipeline.Manifests;

/// <summary>Collects the errors of a manifest, so that one run reports all of them.</summary>
sealed class Mistakes
{
    readonly List<Mistake> found = [];

    public void Add(YamlNode node, string message) => found.Add(new Mistake(node.Start.Line, node.Start.Column, message));

    public IReadOnlyList<Mistake> InOrder => [.. found.OrderBy(mistake => mistake.Line).ThenBy(mistake => mistake.Column)];
}

/// <summary>A YAML mapping, read key by key. A key that is not read is an error.</summary>
sealed class YamlMap
{
    readonly YamlMappingNode node;
    readonly string what;
    readonly Mistakes mistakes;
    readonly HashSet<string> read = new(StringComparer.Ordinal);

    public YamlMap(YamlNode node, string what, Mistakes mistakes)
    {
        (this.what, this.mistakes) = (what, mistakes);
        if (node is YamlMappingNode mapping)
        {
            this.node = mapping;
            foreach (var key in mapping.Children.Keys.Where(key => key is not YamlScalarNode))
            {
                mistakes.Add(key, $"{what} has a key that is not a single word");
            }
        }
        else
        {
            this.node = [];
            mistakes.Add(node, $"{what} must be a mapping of keys to values");
        }
        Node = node;
    }

    public YamlNode Node { get; }

    public Mistakes Mistakes => mistakes;

    public IEnumerable<(string Key, YamlNode KeyNode, YamlNode Value)> Entries =>
        node
            .Children.Where(pair => pair.Key is YamlScalarNode)
            .Select(pair => (((YamlScalarNode)pair.Key).Value ?? "", pair.Key, pair.Value));

    public YamlNode? Find(string key)
    {
        read.Add(key);
        return node.Children.TryGetValue(new YamlScalarNode(key), out var value) && !IsEmpty(value) ? value : null;
    }

    public string Required(string key)
    {
        if (Find(key) is { } value)
        {
            return Text(value, key);
        }
        mistakes.Add(Node, $"{what} lacks '{key}'");
        return "";
    }

    public string? Optional(string key) => Find(key) is { } value ? Text(value, key) : null;

    public int? OptionalNumber(string key, int minimum, int maximum)
    {
        if (Find(key) is not { } value)
        {
            return null;
        }
        if (
            int.TryParse(Text(value, key), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= minimum
            && number <= maximum
        )
        {
            return number;
        }
        mistakes.Add(value, $"'{key}' must be a number from {minimum} to {maximum}");
        return null;
    }

    public IReadOnlyList<(string Text, YamlNode Node)> List(string key) =>
        Find(key) switch
        {
            null => [],
            YamlSequenceNode sequence => [.. sequence.Select(item => (Text(item, key), item))],
            var single => [(Text(single, key), single)],
        };

    public IReadOnlyDictionary<string, string> Texts(string key) =>
        Find(key) is { } value
            ? new YamlMap(value, $"'{key}'", mistakes).Entries.ToDictionary(entry => entry.Key, entry => Text(entry.Value, entry.Key))
            : new Dictionary<string, string>();

    /// <summary>Call this last: it reports each key that was not read, with the nearest valid key.</summary>
    public void RefuseUnknownKeys()
    {
        foreach (var (key, keyNode, _) in Entries.Where(entry => !read.Contains(entry.Key)))
        {
            mistakes.Add(keyNode, $"{what} has no key '{key}'; {NearestWord.Suggestion(key, read)}");
        }
    }

    string Text(YamlNode value, string key)
    {
        if (value is YamlScalarNode scalar)
        {
            return scalar.Value ?? "";
        }
        mistakes.Add(value, $"'{key}' must be a single value");
        return "";
    }

    static bool IsEmpty(YamlNode value) =>
        value is YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: "" or null or "~" or "null" };
}
