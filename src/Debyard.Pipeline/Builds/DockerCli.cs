using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Processes;

namespace Debyard.Pipeline.Builds;

/// <summary>
/// <c>docker build</c> by the command line, with BuildKit if the client supports it and with the classic builder otherwise.
/// </summary>
public static class DockerCli
{
    static readonly Lazy<bool> HasBuildKit = new(() =>
        // Since version 23 BuildKit needs the buildx plug-in, which some installations lack; older clients have it built in.
        CommandLine.TryRead("docker", ["version", "--format", "{{.Client.Version}}"], out var version)
        && int.TryParse(version.Split('.')[0], out var major)
        && (major < 23 || CommandLine.TryRead("docker", ["buildx", "version"], out _))
    );

    /// <param name="image">The image to build.</param>
    /// <param name="folder">The image's context, or a copy of it.</param>
    public static CommandLine Build(Image image, string folder) => Build(image, folder, ["--tag", image.Reference]);

    /// <summary>Builds the image without cache, under another name.</summary>
    public static CommandLine Rebuild(Image image, string folder, string reference) =>
        Build(image, folder, ["--tag", reference, "--no-cache"]);

    static CommandLine Build(Image image, string folder, IEnumerable<string> options)
    {
        List<string> arguments = ["build", .. options];
        foreach (var (name, value) in Labels(image))
        {
            arguments.AddRange(["--label", $"{name}={value}"]);
        }
        var parents = image.Parents.Select(parent => KeyValuePair.Create(parent.Key, parent.Value.Reference));
        foreach (var (name, value) in image.Arguments.Concat(parents).OrderBy(argument => argument.Key, StringComparer.Ordinal))
        {
            arguments.AddRange(["--build-arg", $"{name}={value}"]);
        }
        // By default the classic builder keeps the container of a failed step.
        arguments.Add(HasBuildKit.Value ? "--progress=plain" : "--force-rm");
        arguments.Add(folder);
        return new CommandLine("docker", arguments)
        {
            Environment = new Dictionary<string, string>
            {
                ["DOCKER_BUILDKIT"] = HasBuildKit.Value ? "1" : "0",
                ["DOCKER_HOST"] = DockerEngine.Address.ToString(),
            },
        };
    }

    /// <summary>Imports a root file system from a tar file as an image.</summary>
    public static CommandLine Import(Image image, string archive)
    {
        var changes = Labels(image).Select(label => $"LABEL {label.Name}={label.Value}").Append("CMD [\"/bin/bash\"]");
        return new CommandLine(
            "docker",
            [
                "import",
                .. image.IsEmulated ? ["--platform", Platforms.Of(image.Architecture)] : Array.Empty<string>(),
                .. changes.SelectMany(change => new[] { "--change", change }),
                archive,
                image.Reference,
            ]
        )
        {
            Environment = new Dictionary<string, string> { ["DOCKER_HOST"] = DockerEngine.Address.ToString() },
        };
    }

    static IEnumerable<(string Name, string Value)> Labels(Image image) =>
        [(DockerEngine.ProductLabel, image.Product), ("debyard.image", image.Id), ("debyard.fingerprint", image.BuildFingerprint.Value)];
}
