using Debyard.Debian.Names;
using Debyard.Pipeline.BuildCache;
using Debyard.Pipeline.Builds;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Processes;
using Debyard.Pipeline.Validation;
using Debyard.Pipeline.Validation.Checks;

namespace Debyard.Pipeline.Steps;

/// <summary>Opens a shell in a clean container with a package installed, and removes the container afterwards.</summary>
sealed class ShellStep(
    RunOptions options,
    RunPlan plan,
    RunArtifacts artifacts,
    CachedImages cached,
    ImageBuilds builds,
    RunConnections connections
)
{
    /// <param name="package">A package of the run, or of the branch.</param>
    /// <param name="cancellation">Ends the shell and removes the container.</param>
    public async Task RunAsync(string package, CancellationToken cancellation)
    {
        if (plan.Manifest.Validation is not { } validation)
        {
            throw new PipelineException("Shell needs the manifest's 'validation', which names the base to install the package in.");
        }
        foreach (var image in plan.Graph.Of(ImageKind.Package))
        {
            await cached.FetchAsync(image, cancellation);
        }
        var architecture = plan.ValidatedArchitectures.FirstOrDefault(Platforms.EngineArchitecture);
        var files = (await artifacts.OfAsync(ImageKind.Package, cancellation))
            .Where(file => DebFileName.Parse(file.FileName).Name.ToString() == package && RunPlan.RunsOn(architecture, file))
            .ToList();
        var candidate = new Candidate(plan.Manifest, files, [], plan.Graph.Base(validation.Base, architecture))
        {
            Plan = validation with { Life = null, Scenarios = [] },
            Names = files.Count > 0 ? [] : [package],
        };
        await builds.BuildAsync([candidate.Base], cancellation);
        var validator = new Validator(
            await connections.EngineAsync(),
            await connections.RepositoryAsync(),
            candidate,
            new Evidence(Path.Combine(options.OutputFolder, "validation", "shell"), Secrets.None.Mask),
            Secrets.None,
            keepsFailed: false,
            options.Log
        );
        await using var container = await validator.OpenAsync(cancellation);
        options.Log($"{package} is installed in {container.ShortId}; the container is removed when the shell ends");
        // Docker's own client connects the terminal.
        var terminal = Console.IsInputRedirected ? "--interactive" : "--interactive --tty";
        await new CommandLine("docker", ["exec", .. terminal.Split(' '), container.ShortId, "bash"])
        {
            Environment = new Dictionary<string, string> { ["DOCKER_HOST"] = DockerEngine.Address.ToString() },
        }.AttachAsync(cancellation);
    }
}
