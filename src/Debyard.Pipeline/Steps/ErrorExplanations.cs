using Debyard.Pipeline.Engine;

namespace Debyard.Pipeline.Steps;

/// <summary>Explains errors that come from outside (disk, engine, network, Ctrl-C) and says what to do.</summary>
public static class ErrorExplanations
{
    const int NoSpace = 28; // ENOSPC, errno(3)
    const int ReadOnly = 30; // EROFS

    /// <returns>Null if the exception explains itself, or is a bug.</returns>
    public static string? Explain(Exception exception, CancellationToken cancellation) =>
        exception switch
        {
            PipelineException => null,
            OperationCanceledException when cancellation.IsCancellationRequested =>
                "Stopped on request. Finished images and packages are kept; nothing incomplete was published.",
            IOException { HResult: NoSpace } full =>
                $"The disk is full: {full.Message}. Free space: delete older folders in output/artifacts or run `docker image prune`.",
            IOException { HResult: ReadOnly } readOnly => $"The disk is read-only: {readOnly.Message}.",
            UnauthorizedAccessException denied => $"{denied.Message} Run as the user that owns the folder.",
            _ => DockerEngine.Explain(exception),
        };
}
