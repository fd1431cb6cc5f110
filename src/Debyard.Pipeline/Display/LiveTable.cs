using System.Globalization;
using System.Text;

namespace Debyard.Pipeline.Display;

/// <summary>
/// For a terminal: a table below the log lines with the images being built, for how long and at which step. It is erased before a
/// line is printed and drawn again after it, so the scrollback has only the log.
/// </summary>
/// <param name="terminal">A terminal that understands ECMA-48 control sequences.</param>
/// <param name="height">The number of lines of the terminal.</param>
public sealed class LiveTable(TextWriter terminal, Func<int> height) : BuildDisplay, IDisposable
{
    // A wrapped line would count as one but take two, and too few lines would be erased.
    const string WithoutWrapping = "\e[?7l";
    const string WithWrapping = "\e[?7h";

    static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);

    readonly Lock sync = new();
    readonly List<BuildLog> running = [];
    int planned;
    int built;
    int failed;
    int shown;
    Timer? clock;

    public override void Plan(int images)
    {
        lock (sync)
        {
            planned += images;
            clock ??= new Timer(_ => Change(() => { }), null, Refresh, Refresh);
        }
    }

    public override void Begin(BuildLog build) => Change(() => running.Add(build));

    public override void Complete(BuildLog build) =>
        Change(() =>
        {
            running.Remove(build);
            _ = build.HasFailed ? failed++ : built++;
        });

    public override void Finish()
    {
        lock (sync)
        {
            clock?.Dispose();
            clock = null;
            terminal.Write(Erased());
            (planned, built, failed) = (0, 0, 0);
        }
    }

    public override void Write(Action print)
    {
        lock (sync)
        {
            terminal.Write(Erased());
            print();
            terminal.Write(Drawn());
        }
    }

    public void Dispose() => Finish();

    void Change(Action change)
    {
        lock (sync)
        {
            change();
            terminal.Write(Erased() + Drawn());
        }
    }

    string Erased()
    {
        var up = shown > 0 ? string.Create(CultureInfo.InvariantCulture, $"\r\e[{shown}A\e[J") : "";
        shown = 0;
        return up;
    }

    string Drawn()
    {
        if (running.Count == 0)
        {
            return "";
        }
        var rows = running.Take(Math.Max(1, height() - 2)).ToList();
        var longest = rows.Max(build => build.Image.Id.Length);
        var table = new StringBuilder(WithoutWrapping);
        foreach (var build in rows)
        {
            var elapsed = build.Elapsed;
            table.Append(
                CultureInfo.InvariantCulture,
                $"  {build.Image.Id.PadRight(longest)}  {(int)elapsed.TotalMinutes, 2}:{elapsed.Seconds:00}  {Printable(build.Step)}\n"
            );
        }
        table
            .Append(
                CultureInfo.InvariantCulture,
                $"  {running.Count} running, {planned - built - failed - running.Count} waiting, {built} built"
            )
            .Append(failed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {failed} failed") : "")
            .Append('\n')
            .Append(WithWrapping);
        shown = rows.Count + 1;
        return table.ToString();
    }

    // The output of a build may have control characters that move the cursor.
    static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
