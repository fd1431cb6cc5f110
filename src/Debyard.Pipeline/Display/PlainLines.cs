namespace Debyard.Pipeline.Display;

/// <summary>For files, pipes and jobs: nothing but whole lines. A long build says now and then what it is doing.</summary>
public class PlainLines(Action<string> say) : BuildDisplay
{
    static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(10);

    readonly Dictionary<BuildLog, Timer> signs = [];

    public override void Begin(BuildLog build)
    {
        lock (signs)
        {
            signs[build] = new Timer(
                _ => say($"{build.Image.Id} {build.Elapsed.TotalSeconds:0} s: {build.Step}"),
                null,
                SignOfLife,
                SignOfLife
            );
        }
    }

    public override void Complete(BuildLog build)
    {
        lock (signs)
        {
            signs.Remove(build, out var sign);
            sign?.Dispose();
        }
    }
}
