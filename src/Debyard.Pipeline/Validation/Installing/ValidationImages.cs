using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Validation.Installing;

/// <summary>The images that one validation makes of its containers, gone with it.</summary>
public sealed class ValidationImages(DockerEngine engine, Image @base) : IAsyncDisposable
{
    readonly string run = $"{Environment.ProcessId}-{Guid.NewGuid():N}"[..20];
    readonly List<string> references = [];

    /// <summary>Makes an image of a container and returns its name.</summary>
    public async Task<string> CommitAsync(EngineContainer container, string step, CancellationToken cancellation)
    {
        var reference = $"debyard/{@base.Product}/validation:{run}-{step}";
        lock (references)
        {
            references.Add(reference);
        }
        await engine.CommitAsync(container, reference, cancellation);
        return reference;
    }

    public async ValueTask DisposeAsync()
    {
        // The newest first: an image cannot be removed before those made from it.
        foreach (var reference in Enumerable.Reverse(references))
        {
            await engine.RemoveImageAsync(reference);
        }
    }
}
