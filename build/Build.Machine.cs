using Debyard.Pipeline.Setup;
using Nuke.Common;
using Serilog;

partial class Build
{
    Target Setup =>
        _ =>
            _.Description("Prepares this machine: installs missing programs and starts the Docker engine")
                .Before(Pack, Images, Dependencies, Extract, Upload, Package, Validate, Shell, Publish, Pipeline, Rpm, Serve, Format, Test)
                .Executes(() =>
                    Guarded(() => new MachineSetup(Emulate.Length > 0, line => Log.Information("{Line:l}", line)).RunAsync(Cancellation))
                );
}
