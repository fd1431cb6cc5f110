using Debyard.Pipeline.Display;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Masking;
using Debyard.Pipeline.Processes;

namespace Debyard.Pipeline.Builds;

/// <summary>Builds one image whose parents the engine has, and writes its log.</summary>
sealed class ImageBuilder(Func<Task<DockerEngine>> engine, string outputFolder, SecretMask mask)
{
    readonly string logFolder = Path.Combine(outputFolder, "logs");

    /// <summary>Starts the log of a build: <c>output/logs/&lt;image&gt;.log</c>.</summary>
    public BuildLog OpenLog(Image image) => BuildLog.Create(image, logFolder, mask);

    /// <exception cref="PipelineException">The build failed: its last lines, and the command to repeat it.</exception>
    public async Task BuildAsync(Image image, BuildLog log, CancellationToken cancellation)
    {
        switch (image.Base)
        {
            case BaseImage.Pulled pulled:
                await (await engine()).PullAsync(pulled.Reference, image, log.Write, cancellation);
                break;
            case BaseImage.Supplied supplied:
                await (await engine()).TagAsync(supplied.Id, image, cancellation);
                break;
            case BaseImage.Bootstrapped bootstrapped:
                await BootstrapAsync(image, bootstrapped, log, cancellation);
                break;
            default:
                await RunAsync(image, folder => DockerCli.Build(image, folder), log, cancellation);
                break;
        }
    }

    /// <summary>Builds an image again under another name, without the engine's cache.</summary>
    /// <exception cref="PipelineException">The build failed.</exception>
    public async Task RebuildAsync(Image image, string reference, CancellationToken cancellation)
    {
        using var log = OpenLog(image);
        await RunAsync(image, folder => DockerCli.Rebuild(image, folder, reference), log, cancellation);
    }

    /// <summary>Runs a command on a copy of the image's context, so that exactly the fingerprinted files are built.</summary>
    async Task RunAsync(Image image, Func<string, CommandLine> command, BuildLog log, CancellationToken cancellation)
    {
        // Not in the machine's temporary folder: a docker client installed as a snap has no access to it.
        var folder = Path.Combine(outputFolder, "contexts", Path.GetRandomFileName());
        try
        {
            var copy = await Task.Run(() => image.Context!.CopyTo(folder), cancellation);
            await log.RunAsync(command(copy.Folder), command(image.Context!.Folder), cancellation);
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    async Task BootstrapAsync(Image image, BaseImage.Bootstrapped @base, BuildLog log, CancellationToken cancellation)
    {
        var archive = Path.Combine(logFolder, $"{image.Name}.tar");
        try
        {
            await log.RunAsync(Bootstrap.Command(image, @base, archive), cancellation);
            await log.RunAsync(DockerCli.Import(image, archive), cancellation);
        }
        finally
        {
            File.Delete(archive);
        }
    }
}
