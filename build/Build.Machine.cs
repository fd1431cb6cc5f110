using Debyard.Pipeline.Setup;
using Nuke.Common;
using Serilog;

partial class Build
{
    Target Setup =>
        _ =>
            _.Description("Makes this machine able to run the rest: installs what is missing, starts a Docker engine")
                .Before(Images, Dependencies, Extract, Upload, Package, Validate, Publish, Pipeline, Serve, Format, Test)
                .Executes(() => Guarded(() => new MachineSetup(line => Log.Information("{Line:l}", line)).RunAsync(Cancellation)));
}
