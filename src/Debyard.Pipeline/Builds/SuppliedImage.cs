using Debyard.Pipeline.Engine;

namespace Debyard.Pipeline.Builds;

/// <summary>A toolchain image that the user supplies: the engine has it already, or a registry has it.</summary>
public static class SuppliedImage
{
    /// <summary>
    /// The engine's id of the image, which is pulled first where the engine lacks it. An id stands for the content: the same name may
    /// mean another image tomorrow.
    /// </summary>
    /// <exception cref="PipelineException">No engine answers, or neither it nor a registry has the image.</exception>
    public static async Task<string> IdOfAsync(string reference, CancellationToken cancellation)
    {
        using var engine = await DockerEngine.ConnectAsync(cancellation);
        if (await engine.FindImageIdAsync(reference, cancellation) is { } id)
        {
            return id;
        }
        try
        {
            await engine.PullAsync(reference, platform: null, _ => { }, cancellation);
        }
        catch (PipelineException exception)
        {
            throw new PipelineException(
                $"The toolchain image {reference} is not in the engine at {DockerEngine.Address}: `docker load` it, or have it pulled. "
                    + exception.Message,
                exception
            );
        }
        return await engine.FindImageIdAsync(reference, cancellation)
            ?? throw new PipelineException(
                $"The toolchain image {reference} was pulled, but the engine at {DockerEngine.Address} lost it: run again."
            );
    }
}
