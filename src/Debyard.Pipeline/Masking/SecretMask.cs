namespace Debyard.Pipeline.Masking;

/// <summary>Replaces secrets in text: their values, also as they appear in a URL.</summary>
public sealed class SecretMask
{
    public const string Replacement = "[MASKED]";

    // Shorter values are parts of ordinary words. GitLab masks none shorter than this either:
    // https://docs.gitlab.com/ci/variables/#mask-a-cicd-variable
    const int Shortest = 8;

    // The longest first: one secret may contain another. Replaced, never changed, because threads read it without a lock.
    volatile string[] values = [];

    readonly Lock adding = new();

    /// <param name="variables">Names of environment variables; those without a value are ignored.</param>
    public SecretMask(params IEnumerable<string> variables)
    {
        foreach (var variable in variables)
        {
            AddVariable(variable);
        }
    }

    public void AddVariable(string name) => Add(Environment.GetEnvironmentVariable(name) ?? "");

    /// <summary>Adds a secret; of one with several lines, each line.</summary>
    public void Add(string secret)
    {
        lock (adding)
        {
            values =
            [
                .. secret
                    .Split('\n', StringSplitOptions.TrimEntries)
                    .SelectMany(line => new[] { line, Uri.EscapeDataString(line) })
                    .Where(line => line.Length >= Shortest)
                    .Concat(values)
                    .Distinct()
                    .OrderByDescending(value => value.Length),
            ];
        }
    }

    public string Apply(string text)
    {
        foreach (var value in values)
        {
            text = text.Replace(value, Replacement, StringComparison.Ordinal);
        }
        return text;
    }

    /// <summary>The length of the end of the text that may be the beginning of a secret.</summary>
    internal int LengthOfBeginning(string text) =>
        values
            .Select(value =>
                Enumerable
                    .Range(1, Math.Min(value.Length - 1, text.Length))
                    .LastOrDefault(length => text.AsSpan(text.Length - length).SequenceEqual(value.AsSpan(0, length)))
            )
            .DefaultIfEmpty()
            .Max();
}
