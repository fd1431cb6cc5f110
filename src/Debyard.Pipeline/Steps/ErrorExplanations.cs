using Debyard.Pipeline.Engine;

namespace Debyard.Pipeline.Steps;

/// <summary>Says of a fault from outside — disk, engine, network, a person's Ctrl-C — what it means and what to do.</summary>
public static class ErrorExplanations
{
    const int NoSpace = 28; // ENOSPC, errno(3)
    const int ReadOnly = 30; // EROFS

    /// <returns>Null where the fault is nobody's but ours.</returns>
    public static string? Explain(Exception exception, CancellationToken cancellation) =>
        exception switch
        {
            PipelineException => null,
            OperationCanceledException when cancellation.IsCancellationRequested =>
                "Stopped on request. What was built so far is kept; nothing half-done is published.",
            IOException { HResult: NoSpace } full =>
                $"The disk is full: {full.Message}. Free some space; older sets under output/artifacts may go, and `docker image prune` helps.",
            IOException { HResult: ReadOnly } readOnly => $"The disk cannot be written to: {readOnly.Message}.",
            UnauthorizedAccessException denied => $"{denied.Message} Run as the user that owns the folder.",
            _ when DockerEngine.Explain(exception) is { } engine => engine,
            _ => null,
        };
}
