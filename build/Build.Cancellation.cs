using System.Runtime.InteropServices;
using Debyard.Pipeline;
using Debyard.Server;

partial class Build
{
    // Long enough to remove containers and end a docker build; then the process may die.
    static readonly TimeSpan TimeToCleanUp = TimeSpan.FromSeconds(30);

    readonly CancellationTokenSource cancellation = new();
    readonly PosixSignalRegistration terminate;

    public Build()
    {
        // First in line, before NUKE's own handler: what is running ends in order and removes what it made, and the failed
        // target ends the build.
        Console.CancelKeyPress += (_, signal) => signal.Cancel = StopInOrder();
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = StopInOrder());
    }

    CancellationToken Cancellation => cancellation.Token;

    bool StopInOrder()
    {
        cancellation.Cancel();
        Thread.Sleep(TimeToCleanUp);
        return false;
    }

    /// <summary>Turns what a person can put right into its message; anything else is a fault of ours and shows where.</summary>
    async Task Guarded(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (ServerStartException exception)
        {
            throw new PipelineException(exception.Message, exception);
        }
        catch (Exception exception) when (Faults.Explain(exception, Cancellation) is { } explanation)
        {
            throw new PipelineException(explanation, exception);
        }
    }
}
