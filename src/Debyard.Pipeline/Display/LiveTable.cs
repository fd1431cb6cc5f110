using System.Globalization;
using System.Text;

namespace Debyard.Pipeline.Display;

/// <summary>
/// For a terminal: what is being built just now, for how long and at which step, below the lines that stay. It is taken away
/// before a line is printed and drawn again after it, so nothing of it is left in what scrolls by.
/// </summary>
/// <param name="terminal">Understands ECMA-48's control sequences.</param>
/// <param name="height">The terminal's lines.</param>
public sealed class LiveTable(TextWriter terminal, Func<int> height) : BuildDisplay, IDisposable
{
    // A line longer than the terminal is wide must not become two, or too few would be taken away.
    const string WithoutWrapping = "\e[?7l";
    const string WithWrapping = "\e[?7h";

    static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);

    readonly Lock gate = new();
    readonly List<BuildLog> running = [];
    int planned;
    int built;
    int failed;
    int shown;
    Timer? clock;

    public override void Plan(int images)
    {
        lock (gate)
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
        lock (gate)
        {
            clock?.Dispose();
            clock = null;
            terminal.Write(Erased());
            (planned, built, failed) = (0, 0, 0);
        }
    }

    public override void Write(Action print)
    {
        lock (gate)
        {
            terminal.Write(Erased());
            print();
            terminal.Write(Drawn());
        }
    }

    public void Dispose() => Finish();

    void Change(Action change)
    {
        lock (gate)
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

    // What a build prints may move the cursor.
    static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
