namespace Debyard.Pipeline.Display;

/// <summary>For files, pipes and jobs: whole lines only. A long build logs its step every 10 seconds.</summary>
public class PlainLines(Action<string> log) : BuildDisplay
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    readonly Dictionary<BuildLog, Timer> timers = [];

    public override void Begin(BuildLog build)
    {
        lock (timers)
        {
            timers[build] = new Timer(
                _ => log($"{build.Image.Id} {build.Elapsed.TotalSeconds:0} s: {build.Step}"),
                null,
                Interval,
                Interval
            );
        }
    }

    public override void Complete(BuildLog build)
    {
        lock (timers)
        {
            timers.Remove(build, out var timer);
            timer?.Dispose();
        }
    }
}
