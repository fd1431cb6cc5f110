namespace Debyard.Testing;

/// <summary>A clock that stands still until it is moved.</summary>
public sealed class Clock : TimeProvider
{
    DateTimeOffset now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public void Advance(TimeSpan by) => now += by;

    public override DateTimeOffset GetUtcNow() => now;
}
