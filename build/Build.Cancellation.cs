using System.Runtime.InteropServices;
using Debyard.Pipeline;
using Debyard.Pipeline.Steps;
using Debyard.Server.Configuration;

partial class Build
{
    // Long enough to remove containers and end a docker build; then the process may die.
    static readonly TimeSpan TimeToCleanUp = TimeSpan.FromSeconds(30);

    static readonly CancellationTokenSource Stop = new();

    static CancellationToken Cancellation => Stop.Token;

    /// <summary>
    /// Lets Ctrl-C and SIGTERM end what is running in order: it removes what it made, its target fails, and NUKE ends the build.
    /// To be called before NUKE adds its own handler, which would report the end before it has come.
    /// </summary>
    static void StopInOrderOnSignals()
    {
        Console.CancelKeyPress += (_, signal) => signal.Cancel = WaitForTheEnd();
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = WaitForTheEnd());
    }

    static PosixSignalRegistration? terminate;

    // The process ends while this waits. False, and it is killed: cleaning up takes too long, or someone asks a second time.
    static bool WaitForTheEnd()
    {
        if (!Stop.IsCancellationRequested)
        {
            Stop.Cancel();
            Thread.Sleep(TimeToCleanUp);
        }
        return false;
    }

    /// <summary>Turns what a person can put right into its message; anything else is a fault of ours and shows where.</summary>
    static async Task Guarded(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (ServerStartException exception)
        {
            throw new PipelineException(exception.Message, exception);
        }
        catch (Exception exception) when (ErrorExplanations.Explain(exception, Cancellation) is { } explanation)
        {
            throw new PipelineException(explanation, exception);
        }
    }
}
