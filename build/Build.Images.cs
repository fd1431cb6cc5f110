using Nuke.Common;

partial class Build
{
    Target Images =>
        _ =>
            _.Description("Builds base and toolchain images: all of them if invoked by name, otherwise those that images to build need")
                .Executes(() => InRun(run => run.BuildFoundationsAsync(all: InvokedTargets.Any(target => target.Name == nameof(Images)))));

    Target Dependencies =>
        _ =>
            _.Description("Builds the dependency images of the chosen architectures, several at a time")
                .DependsOn(Images)
                .Executes(() => InRun(run => run.BuildDependenciesAsync()));

    Target Extract =>
        _ =>
            _.Description("Extracts the .deb files of the dependencies from their images and checks them")
                .DependsOn(Dependencies)
                .Produces(OutputDirectory / "artifacts" / "**" / "*.deb")
                .Executes(() =>
                    InRun(async run =>
                    {
                        await run.ExtractDependenciesAsync();
                        if (InvokedTargets.Any(target => target.Name == nameof(Extract)))
                        {
                            run.LogSummary();
                        }
                    })
                );

    Target Explain =>
        _ =>
            _.Description("Tells why each image would be built or not, down to the file, and how to improve its Dockerfile; builds nothing")
                .Executes(() =>
                    InRun(run =>
                    {
                        run.Explain();
                        return Task.CompletedTask;
                    })
                );
}
