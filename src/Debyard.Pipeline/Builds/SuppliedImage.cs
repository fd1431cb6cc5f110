using Debyard.Pipeline.Engine;

namespace Debyard.Pipeline.Builds;

/// <summary>A toolchain image that the user supplies, in the engine or in a registry.</summary>
public static class SuppliedImage
{
    /// <summary>
    /// Returns the engine's id of the image, and first pulls the image if the engine lacks it. The id identifies the content; a name can
    /// later refer to another image.
    /// </summary>
    /// <exception cref="PipelineException">No engine answers, or neither the engine nor the registry has the image.</exception>
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
                $"The toolchain image {reference} is not in the engine at {DockerEngine.Address}: "
                    + "load it with `docker load`, or make it available in a registry. "
                    + exception.Message,
                exception
            );
        }
        return await engine.FindImageIdAsync(reference, cancellation)
            ?? throw new PipelineException(
                $"The toolchain image {reference} was pulled, but the engine at {DockerEngine.Address} no longer has it: run again."
            );
    }
}
