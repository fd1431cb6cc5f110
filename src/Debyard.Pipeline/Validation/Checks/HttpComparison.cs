using System.Net.Http.Headers;
using System.Text;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Validation.Checks;

/// <summary>Compares the response of a service with what the manifest expects.</summary>
sealed class HttpComparison(CheckContext context)
{
    static readonly int[] redirects = [301, 302, 303, 307, 308];

    readonly TextComparison texts = new(context);

    /// <returns>The first difference; null if there is none.</returns>
    public Difference? Find(HttpCheck check, HttpAnswer answer)
    {
        var text = Encoding.UTF8.GetString(answer.Body);
        return Status(check, answer, text)
            ?? Redirect(check, answer)
            ?? ContentType(check, answer)
            ?? Headers(check, answer)
            ?? Range(check, answer)
            ?? Length(check, answer)
            ?? TooLong(check, answer)
            ?? texts.Find(check.Text, text, "a body")
            ?? new JsonComparison(texts, context).Find(check.Json, text);
    }

    /// <summary>The status that a check expects, in words.</summary>
    public static string ExpectedStatus(HttpCheck check) =>
        check is { Status: null, Redirect: not null } ? "a redirect" : $"status {check.Status ?? (check.Range is null ? 200 : 206)}";

    Difference? Status(HttpCheck check, HttpAnswer answer, string text)
    {
        var isExpected = check is { Status: null, Redirect: not null }
            ? redirects.Contains(answer.Status)
            : answer.Status == (check.Status ?? (check.Range is null ? 200 : 206));
        return isExpected
            ? null
            : new Difference(ExpectedStatus(check), $"status {answer.Status}: {Difference.Beginning(context.Secrets.Mask(text))}");
    }

    Difference? Redirect(HttpCheck check, HttpAnswer answer)
    {
        if (check.Redirect is null)
        {
            return null;
        }
        var expected = context.WithPort(check.Redirect);
        var location = answer.Header("Location");
        var isExpected =
            location == expected
            || Uri.TryCreate(answer.Address, location, out var resolved)
                && Uri.TryCreate(answer.Address, expected, out var wanted)
                && resolved == wanted;
        return isExpected
            ? null
            : new Difference($"a redirect to {expected}", location is null ? "no Location" : $"Location: {context.Secrets.Mask(location)}");
    }

    static Difference? ContentType(HttpCheck check, HttpAnswer answer)
    {
        var type = MediaTypeHeaderValue.TryParse(answer.Header("Content-Type"), out var parsed) ? parsed.MediaType : null;
        return check.ContentType is null || string.Equals(check.ContentType, type, StringComparison.OrdinalIgnoreCase)
            ? null
            : new Difference($"content type {check.ContentType}", $"content type {type ?? "none"}");
    }

    Difference? Headers(HttpCheck check, HttpAnswer answer) =>
        check
            .ResponseHeaders.Select(expected =>
                (expected.Value, answer.Header(expected.Key)) switch
                {
                    (null, null) => null,
                    (null, { } present) => new Difference(
                        $"no header {expected.Key}",
                        $"{expected.Key}: {Difference.Beginning(context.Secrets.Mask(present))}"
                    ),
                    ({ }, null) => new Difference($"a header {expected.Key}", "a response without it"),
                    ({ } text, { } present) => texts.Find(text, present, $"a header {expected.Key}"),
                }
            )
            .FirstOrDefault(difference => difference is not null);

    // RFC 9110 14.4 and 15.3.7; only a response with 206 has a part.
    static Difference? Range(HttpCheck check, HttpAnswer answer)
    {
        if (check.Range is not { } range || answer.Status != 206)
        {
            return null;
        }
        var header = answer.Header("Content-Range");
        if (!ContentRangeHeaderValue.TryParse(header, out var part) || part is not { HasRange: true, Length: { } total })
        {
            return new Difference("a Content-Range with the length of the whole", header is null ? "none" : $"Content-Range: {header}");
        }
        var ends = range.Split('-');
        var from = ends[0].Length > 0 ? long.Parse(ends[0]) : Math.Max(0, total - long.Parse(ends[1]));
        var to = ends[0].Length > 0 && ends[1].Length > 0 ? Math.Min(long.Parse(ends[1]), total - 1) : total - 1;
        return (part.From, part.To) != (from, to) ? new Difference($"Content-Range: bytes {from}-{to}/{total}", $"Content-Range: {header}")
            : answer.Length != to - from + 1 ? new Difference($"{to - from + 1} bytes", $"{answer.Length} bytes")
            : null;
    }

    static Difference? Length(HttpCheck check, HttpAnswer answer) =>
        check.Length is { } length && answer.Length != length ? new Difference($"{length} bytes", $"{answer.Length} bytes") : null;

    static Difference? TooLong(HttpCheck check, HttpAnswer answer) =>
        answer.Length > answer.Body.Length && !(check.Text.IsEmpty && check.Json.Count == 0)
            ? new Difference($"a text of at most {answer.Body.Length} bytes", $"{answer.Length} bytes")
            : null;
}
