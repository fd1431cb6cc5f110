using System.Runtime.InteropServices;
using Debyard.Pipeline;
using Debyard.Pipeline.Steps;
using Debyard.Server.Configuration;

partial class Build
{
    // Enough time to remove containers and stop a docker build.
    static readonly TimeSpan CleanUpTimeout = TimeSpan.FromSeconds(30);

    static readonly CancellationTokenSource Stop = new();

    static CancellationToken Cancellation => Stop.Token;

    /// <summary>
    /// On Ctrl-C and SIGTERM, stops the running target in order: it cleans up and fails, and NUKE ends the build. Call this before NUKE
    /// adds its own handler, which would report the end of the build too early.
    /// </summary>
    static void StopOnSignals()
    {
        Console.CancelKeyPress += (_, signal) => signal.Cancel = CancelAndWait();
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = CancelAndWait());
    }

    static PosixSignalRegistration? terminate;

    // Normally the process exits while this waits. Returning false kills it: after the timeout, or at the second signal.
    static bool CancelAndWait()
    {
        if (!Stop.IsCancellationRequested)
        {
            Stop.Cancel();
            Thread.Sleep(CleanUpTimeout);
        }
        return false;
    }

    /// <summary>Reports errors that the user can fix without a stack trace. Other exceptions are bugs and keep it.</summary>
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
