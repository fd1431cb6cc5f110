using System.Net;

namespace Debyard.Pipeline.Validation.Checks;

/// <summary>How what came differs from what was expected.</summary>
/// <param name="Expected">A noun phrase: <c>status 200</c>.</param>
/// <param name="Got">A noun phrase: <c>status 404: not found</c>.</param>
sealed record Difference(string Expected, string Got)
{
    /// <summary>Where the check connected to; null if it did not.</summary>
    public IPEndPoint? Address { get; init; }

    /// <summary>Whether the service may only need more time to start: nothing answered yet.</summary>
    public bool MayBeStarting { get; init; }

    /// <summary>The beginning of a text in one line, for messages.</summary>
    public static string Beginning(string text) =>
        text.Trim() is { Length: > 0 } some ? (some.Length > 200 ? some[..200] + "…" : some).ReplaceLineEndings(" ") : "nothing";
}
