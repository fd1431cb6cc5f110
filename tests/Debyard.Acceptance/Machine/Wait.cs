namespace Debyard.Acceptance.Machine;

static class Wait
{
    /// <summary>Asks again until it is so; a minute without is a failure.</summary>
    public static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), what);

    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await condition())
        {
            Assert.False(patience.IsCancellationRequested, $"Waited a minute for {what}.");
            await Task.Delay(20);
        }
    }
}
