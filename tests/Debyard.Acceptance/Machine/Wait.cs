namespace Debyard.Acceptance.Machine;

static class Wait
{
    /// <summary>Asks again until it is so; a minute without is a failure.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, $"Waited a minute for {what}.");
            await Task.Delay(20);
        }
    }
}
