namespace Debyard.Acceptance.Machine;

static class Wait
{
    /// <summary>Asks again until it is so; two minutes without are a failure.</summary>
    public static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), what);

    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!await condition())
        {
            Assert.False(patience.IsCancellationRequested, $"Waited two minutes for {what}.");
            await Task.Delay(20);
        }
    }
}
