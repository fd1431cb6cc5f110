using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Processes;

namespace Debyard.Pipeline.Builds;

/// <summary>An image that the user brings: in the engine already, or in a registry.</summary>
public static class SuppliedImage
{
    /// <summary>The engine's id of the image; it is pulled where the engine lacks it. By content, because a name may mean another image tomorrow.</summary>
    /// <exception cref="PipelineException">Neither the engine nor a registry has it.</exception>
    public static string IdOf(string reference) =>
        Id(reference)
        ?? (Docker(["pull", "--quiet", reference], out _) ? Id(reference) : null)
        ?? throw new PipelineException(
            $"The toolchain image {reference} is not in the engine at {DockerEngine.Address} and cannot be pulled: `docker load` it, or correct its name."
        );

    static string? Id(string reference) => Docker(["image", "inspect", "--format", "{{.Id}}", reference], out var id) ? id.Trim() : null;

    static bool Docker(IReadOnlyList<string> arguments, out string output) =>
        CommandLine.TryRead("docker", ["--host", DockerEngine.Address.ToString(), .. arguments], out output);
}
