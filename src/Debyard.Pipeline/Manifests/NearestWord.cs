namespace Debyard.Pipeline.Manifests;

/// <summary>Suggests corrections of misspelt words.</summary>
public static class NearestWord
{
    /// <summary>The candidate with the smallest edit distance; null if none is close.</summary>
    public static string? To(string word, IEnumerable<string> candidates) =>
        candidates
            .Select(candidate => (candidate, distance: Distance(word, candidate)))
            .Where(pair => pair.distance <= Math.Max(2, word.Length / 3))
            .OrderBy(pair => pair.distance)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Select(pair => pair.candidate)
            .FirstOrDefault();

    /// <summary>The end of a sentence that suggests the nearest candidate, or lists all of them.</summary>
    public static string Suggestion(string word, IReadOnlyCollection<string> candidates) =>
        To(word, candidates) is { } nearest ? $"did you mean '{nearest}'?"
        : candidates.Count == 0 ? "none are defined"
        : $"valid: {string.Join(", ", candidates.Order(StringComparer.Ordinal))}";

    // Levenshtein, one row at a time.
    static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
