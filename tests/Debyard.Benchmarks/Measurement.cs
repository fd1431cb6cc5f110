using System.Diagnostics;
using System.Globalization;

namespace Debyard.Benchmarks;

/// <summary>
/// An operation that Debyard and its peers perform in turns, so that other load on the machine affects all of them equally.
/// </summary>
sealed class Measurement(string what, string target)
{
    readonly List<(string Who, Func<int, Task> Do, Func<int, Task> Prepare)> contestants = [];
    readonly Dictionary<string, List<double>> seconds = [];

    public string What => what;

    public string Target => target;

    /// <param name="who">The name in the table; add Debyard first.</param>
    /// <param name="action">The measured operation; receives the number of the round.</param>
    /// <param name="prepare">What is done before it, not measured.</param>
    public Measurement With(string who, Func<int, Task> action, Func<int, Task>? prepare = null)
    {
        contestants.Add((who, action, prepare ?? (_ => Task.CompletedTask)));
        seconds[who] = [];
        return this;
    }

    /// <summary>Runs once, for an operation that cannot be repeated on the same root.</summary>
    public Task<Measurement> RunOnceAsync() => RunAsync(first: 0, rounds: 1);

    /// <summary>Runs a warm-up round that is not counted, then the given number of rounds.</summary>
    public Task<Measurement> RunAsync(int rounds) => RunAsync(first: -1, rounds);

    async Task<Measurement> RunAsync(int first, int rounds)
    {
        for (var round = first; round < rounds; round++)
            foreach (var (who, action, prepare) in contestants)
            {
                await prepare(round + 1);
                var start = Stopwatch.GetTimestamp();
                await action(round + 1);
                if (round >= 0)
                    seconds[who].Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        foreach (var row in Rows())
            Console.WriteLine(row);
        return this;
    }

    /// <summary>
    /// The rows of a Markdown table: median, 95th percentile, and the median over all rounds of Debyard's time divided by the peer's.
    /// </summary>
    public IEnumerable<string> Rows()
    {
        var ours = seconds[contestants[0].Who];
        foreach (var (who, _, _) in contestants)
        {
            var theirs = seconds[who];
            var ratio =
                theirs == ours ? "" : At(ours.Zip(theirs, (own, peer) => own / peer), 0.5).ToString("0.00", CultureInfo.InvariantCulture);
            yield return $"| {(theirs == ours ? what : "")} | {(theirs == ours ? target : "")} | {who} "
                + $"| {Text(At(theirs, 0.5))} | {Text(At(theirs, 0.95))} | {ratio} |";
        }
    }

    static double At(IEnumerable<double> values, double part) =>
        values.Order().ToList() is var sorted ? sorted[(int)Math.Ceiling(part * sorted.Count) - 1] : 0;

    static string Text(double seconds) =>
        seconds < 1
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0.0} ms")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s");
}
