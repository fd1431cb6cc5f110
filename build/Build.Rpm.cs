using Nuke.Common;
using Serilog;

partial class Build
{
    Target Rpm =>
        _ =>
            _.Description("Makes an .rpm of each validated .deb and uploads them to the branch's rpm repository, which the server signs")
                .DependsOn(Publish)
                .Produces(OutputDirectory / "rpm" / "**" / "*.rpm")
                .Executes(() =>
                    InRun(async run =>
                    {
                        Report(await run.PublishRpmsAsync());
                        var configuration = await run.RpmConfigurationUrlAsync();
                        Log.Information(
                            "Available to dnf{When:l}: {Url:l}",
                            embedded is null ? "" : " once `./build.sh Serve` runs",
                            embedded is null ? configuration : $"http://127.0.0.1:{Port ?? 8080}{configuration.AbsolutePath}"
                        );
                    })
                );
}
