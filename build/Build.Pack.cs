using Nuke.Common;

partial class Build
{
    Target Pack =>
        _ =>
            _.Description("Packs the folders that the manifest names as .deb files, without Docker and dpkg, on any system")
                .Produces(OutputDirectory / "artifacts" / "**" / "*.deb")
                .Executes(() => InRun(run => run.PackAsync()));
}
