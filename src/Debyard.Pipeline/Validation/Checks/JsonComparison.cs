using Debyard.Pipeline.Manifests;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Debyard.Pipeline.Validation.Checks;

/// <summary>Compares a JSON text with what the manifest expects at paths of it.</summary>
sealed class JsonComparison(TextComparison texts, CheckContext context)
{
    static readonly JsonSelectSettings selection = new() { RegexMatchTimeout = TimeSpan.FromSeconds(2) };

    /// <returns>The first difference; null if there is none.</returns>
    public Difference? Find(IReadOnlyList<JsonExpectation> expected, string text)
    {
        if (expected.Count == 0)
        {
            return null;
        }
        try
        {
            var json = Parse(text);
            return expected.Select(expectation => Find(expectation, json)).FirstOrDefault(difference => difference is not null);
        }
        catch (JsonException exception)
        {
            return new Difference("a JSON body", $"{Difference.Beginning(context.Secrets.Mask(text))} ({exception.Message})");
        }
    }

    Difference? Find(JsonExpectation expected, JToken json)
    {
        var found = json.SelectTokens(expected.Path, selection).ToList();
        var got = found.Count == 0 ? "nothing there" : Shown(found);
        if (found.Count > 0 != expected.Exists)
        {
            return new Difference(expected.Exists ? $"a value at {expected.Path}" : $"nothing at {expected.Path}", got);
        }
        if (expected.Value is { } value && !found.Any(token => AreEqual(Parse(value), token)))
        {
            return new Difference($"{value} at {expected.Path}", got);
        }
        return expected.Text.IsEmpty
            ? null
            : found
                .Select(token =>
                    texts.Find(expected.Text, token is JValue { Value: string plain } ? plain : Plain(token), $"a value at {expected.Path}")
                )
                .FirstOrDefault(difference => difference is not null);
    }

    string Shown(IEnumerable<JToken> tokens) => Difference.Beginning(context.Secrets.Mask(string.Join(", ", tokens.Select(Plain))));

    static string Plain(JToken token) => token.ToString(Formatting.None);

    // 1 and 1.0 are the same number in JSON.
    static bool AreEqual(JToken a, JToken b) =>
        IsNumber(a) && IsNumber(b) ? a.Value<decimal>() == b.Value<decimal>()
        : a is JArray first && b is JArray second
            ? first.Count == second.Count && first.Zip(second).All(pair => AreEqual(pair.First, pair.Second))
        : JToken.DeepEquals(a, b);

    static bool IsNumber(JToken token) => token.Type is JTokenType.Integer or JTokenType.Float;

    // What looks like a date stays a text.
    static JToken Parse(string text)
    {
        using var reader = new JsonTextReader(new StringReader(text))
        {
            DateParseHandling = DateParseHandling.None,
            FloatParseHandling = FloatParseHandling.Decimal,
        };
        var json = JToken.ReadFrom(reader);
        return reader.Read() ? throw new JsonReaderException("there is more after the end of the JSON text") : json;
    }
}
