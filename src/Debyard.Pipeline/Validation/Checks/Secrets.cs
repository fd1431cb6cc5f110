using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Validation.Checks;

/// <summary>
/// The values of the environment variables that a scenario refers to with <c>${NAME}</c>. They are treated as secrets: whatever is shown or
/// written goes through <see cref="Mask"/>.
/// </summary>
public sealed partial class Secrets
{
    const string Masked = "[masked]";

    // A shorter line is in many texts, and masking it would only make them unreadable.
    const int ShortestMaskedLine = 4;

    readonly IReadOnlyDictionary<string, string> values;
    readonly IReadOnlyList<string> forms;

    Secrets(IReadOnlyDictionary<string, string> values)
    {
        this.values = values;
        forms = [.. values.Values.SelectMany(Forms).Distinct(StringComparer.Ordinal).OrderByDescending(form => form.Length)];
    }

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")]
    private static partial Regex Reference { get; }

    /// <summary>Without any values.</summary>
    public static Secrets None { get; } = new(new Dictionary<string, string>());

    /// <param name="environment">Finds the value of an environment variable; null if it is not set.</param>
    /// <exception cref="PipelineException">Variables are not set; the message names all of them.</exception>
    public static Secrets For(IEnumerable<Scenario> scenarios, Func<string, string?> environment)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var scenario in scenarios)
        {
            foreach (
                var name in Texts(scenario).SelectMany(text => Reference.Matches(text)).Select(match => match.Groups[1].Value).Distinct()
            )
            {
                if (environment(name) is { Length: > 0 } value)
                {
                    values[name] = value;
                }
                else
                {
                    missing.Add($"{name} (scenario {scenario.Name})");
                }
            }
        }
        return missing.Count == 0
            ? new Secrets(values)
            : throw new PipelineException(
                $"Validation needs environment variables that are not set: {string.Join(", ", missing)}. "
                    + "Set them for this run; in GitLab, as masked CI/CD variables."
            );
    }

    /// <summary>Puts the values in the place of <c>${NAME}</c>.</summary>
    public string Expand(string text) => Reference.Replace(text, match => values.GetValueOrDefault(match.Groups[1].Value, match.Value));

    /// <summary>Hides the values, also URL-encoded, in JSON and in base64; and each line of a value that has several.</summary>
    public string Mask(string text)
    {
        foreach (var form in forms)
        {
            text = text.Replace(form, Masked, StringComparison.Ordinal);
        }
        return text;
    }

    static IEnumerable<string> Texts(Scenario scenario) =>
        scenario
            .Environment.Values.Concat(scenario.Checks.OfType<HttpCheck>().SelectMany(check => check.Headers.Values))
            .Concat(scenario.Checks.OfType<HttpCheck>().Select(check => check.Body).OfType<string>());

    static IEnumerable<string> Forms(string value) =>
        value
            .Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.Length >= ShortestMaskedLine)
            .Append(value)
            .SelectMany(text =>
                new[]
                {
                    text,
                    Uri.EscapeDataString(text),
                    JsonSerializer.Serialize(text)[1..^1],
                    Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
                }
            );
}
