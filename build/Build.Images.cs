using Nuke.Common;

partial class Build
{
    Target Images =>
        _ =>
            _.Description("Base and toolchain images: all of them when asked for by name, else those something to be built stands on")
                .Executes(() => Guarded(() => Run.BuildFoundationsAsync(all: InvokedTargets.Any(target => target.Name == nameof(Images)))));

    Target Dependencies =>
        _ =>
            _.Description("Dependency images of the chosen architectures, several at a time")
                .DependsOn(Images)
                .Executes(() => Guarded(Run.BuildDependenciesAsync));

    Target Extract =>
        _ =>
            _.Description("Takes the .deb files of the dependencies out of their images and checks them")
                .DependsOn(Dependencies)
                .Produces(OutputDirectory / "artifacts" / "**" / "*.deb")
                .Executes(() =>
                    Guarded(async () =>
                    {
                        await Run.ExtractDependenciesAsync();
                        if (InvokedTargets.Any(target => target.Name == nameof(Extract)))
                        {
                            Run.SaySummary();
                        }
                    })
                );

    Target Explain =>
        _ =>
            _.Description(
                    "Why images would be built or not, to the file, Dockerfile line or parent, and what their Dockerfiles could do better; builds nothing"
                )
                .Executes(() =>
                    Guarded(() =>
                    {
                        Run.Explain();
                        return Task.CompletedTask;
                    })
                );
}
