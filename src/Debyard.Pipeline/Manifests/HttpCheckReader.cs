using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Debyard.Pipeline.Manifests;

/// <summary>Reads an HTTP check: <c>get: /path</c>, or <c>http: METHOD /path</c>.</summary>
static partial class HttpCheckReader
{
    // A method is a token: RFC 9110 9.1 and 5.6.2.
    [GeneratedRegex("^(?:([!#$%&'*+.^_`|~0-9A-Za-z-]+) +)?(/[^ ]*)$")]
    private static partial Regex Request { get; }

    [GeneratedRegex("^(?:([0-9]{1,18})-([0-9]{1,18})?|-[0-9]{1,18})$")]
    private static partial Regex ByteRange { get; }

    public static HttpCheck Read(YamlMap map, ManifestNames names)
    {
        var (method, path) = MethodAndPath(map);
        var headers = map.Texts("headers");
        var address = map.OptionalAddress() ?? "127.0.0.1";
        var check = new HttpCheck(method, path)
        {
            Address = address,
            Port = map.ScenarioPortOr("port"),
            Tls = TlsReader.Read(map, HostOf(headers) ?? "localhost", names),
            Headers = headers,
            Body = map.Optional("body"),
            BodyFile = map.Optional("body-file") is { } file ? names.File(file, map.Find("body-file")!) : null,
            Range = Range(map),
            Follow = map.Flag("follow"),
            Status = map.OptionalNumber("status", 100, 599),
            ContentType = map.Optional("content-type"),
            ResponseHeaders = ResponseHeaders(map),
            Text = map.TextExpectation(),
            Json = Json(map),
            Length = map.OptionalNumber("length", 0, int.MaxValue),
            Redirect = map.Optional("redirect"),
        };
        if (check is { Body: not null, BodyFile: not null })
        {
            map.Refuse("body-file", "'body' and 'body-file' exclude each other");
        }
        if (check is { Follow: true, Redirect: not null })
        {
            map.Refuse("redirect", "'redirect' checks the redirect itself, and 'follow' what it leads to: use one of them");
        }
        if (check.Range is not null && headers.Keys.Contains("Range", StringComparer.OrdinalIgnoreCase))
        {
            map.Refuse("range", "'range' and the header Range exclude each other");
        }
        return check;
    }

    static (string Method, string Path) MethodAndPath(YamlMap map)
    {
        var get = map.Optional("get");
        var http = map.Optional("http");
        if (get is not null && http is not null)
        {
            map.Refuse("get", "'get' and 'http' exclude each other");
        }
        if (get is not null)
        {
            if (!get.StartsWith('/'))
            {
                map.Refuse("get", $"'{get}' must begin with '/'");
            }
            return ("GET", get);
        }
        var request = Request.Match(http ?? "");
        if (!request.Success)
        {
            map.Refuse("http", $"'{http}' is not a request such as 'POST /items'");
        }
        return (request.Groups[1] is { Length: > 0, Value: var method } ? method : "GET", request.Groups[2].Value);
    }

    static string? HostOf(IReadOnlyDictionary<string, string> headers) =>
        headers.FirstOrDefault(header => header.Key.Equals("Host", StringComparison.OrdinalIgnoreCase)).Value?.Split(':')[0];

    static string? Range(YamlMap map)
    {
        var range = map.Optional("range");
        if (
            range is not null
            && !(
                ByteRange.Match(range) is { Success: true } match
                && !(match.Groups[2].Success && long.Parse(match.Groups[2].Value) < long.Parse(match.Groups[1].Value))
            )
        )
        {
            map.Refuse("range", $"'{range}' is not a range of bytes, such as 0-187, 188- or -188");
        }
        return range;
    }

    static IReadOnlyDictionary<string, TextExpectation?> ResponseHeaders(YamlMap check)
    {
        var expected = new Dictionary<string, TextExpectation?>(StringComparer.OrdinalIgnoreCase);
        if (check.Find("response-headers") is not { } section)
        {
            return expected;
        }
        foreach (var (name, _, node) in new YamlMap(section, "'response-headers'", check.Mistakes).Entries)
        {
            if (node is YamlScalarNode { Value: { } exact })
            {
                expected[name] = new TextExpectation(exact, [], [], []);
                continue;
            }
            var map = new YamlMap(node, $"'{name}'", check.Mistakes);
            var isAbsent = map.Flag("absent");
            expected[name] = map.TextExpectation("equals") is var text && isAbsent ? null : text;
            if (isAbsent && !text.IsEmpty)
            {
                map.Refuse("absent", "a header that must be absent has nothing else to check");
            }
            map.RefuseUnknownKeys();
        }
        return expected;
    }

    static List<JsonExpectation> Json(YamlMap check)
    {
        if (check.Find("json") is not { } section)
        {
            return [];
        }
        var expected = new List<JsonExpectation>();
        foreach (var (key, keyNode, node) in new YamlMap(section, "'json'", check.Mistakes).Entries)
        {
            var path = YamlValues.JsonPath(key, keyNode, check.Mistakes);
            if (node is not YamlMappingNode)
            {
                expected.Add(new JsonExpectation(path, Exists: true, YamlValues.Json(node, check.Mistakes), TextExpectation.Anything));
                continue;
            }
            var map = new YamlMap(node, $"'{key}'", check.Mistakes);
            var exists = map.Find("exists") is null || map.Flag("exists");
            var value = map.Find("equals") is { } equal ? YamlValues.Json(equal, check.Mistakes) : null;
            var text = map.TextExpectation();
            if (!exists && (value is not null || !text.IsEmpty))
            {
                map.Refuse("exists", "what must not exist has nothing else to check");
            }
            expected.Add(new JsonExpectation(path, exists, value, text));
            map.RefuseUnknownKeys();
        }
        return expected;
    }
}
