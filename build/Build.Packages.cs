using Debyard.Pipeline.Builds;
using Debyard.Pipeline.ContinuousIntegration;
using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using Serilog;

partial class Build
{
    Target Upload =>
        _ =>
            _.Description("Uploads the dependencies to the branch's repository; sends only files that no branch has")
                .DependsOn(Extract)
                .Executes(() => InRun(async run => Report(await run.UploadDependenciesAsync())));

    Target Package =>
        _ =>
            _.Description("Builds the main packages")
                .DependsOn(Extract)
                .After(Upload)
                .Executes(() => InRun(run => run.BuildPackagesAsync()));

    Target Publish =>
        _ =>
            _.Description("Uploads the packages that passed validation")
                .DependsOn(Validate)
                .Executes(() =>
                    InRun(async run =>
                    {
                        Report(await run.PublishAsync());
                        var sources = await run.SourcesUrlAsync();
                        if (CiRun is not null)
                        {
                            DotenvReport.Write(OutputDirectory, sources);
                        }
                        Log.Information(
                            "Available to apt{When:l}: {Url:l}",
                            embedded is null ? "" : " once `./build.sh Serve` runs",
                            embedded is null ? sources : $"http://127.0.0.1:{Port ?? 8080}{sources.AbsolutePath}"
                        );
                    })
                );

    Target Pipeline =>
        _ =>
            _.Description("Runs the whole pipeline, from the manifest to validated packages in the branch's repository")
                .DependsOn(Publish)
                .Executes(() =>
                    InRun(run =>
                    {
                        run.LogSummary();
                        var summary = run.Summary;
                        ReportSummary(_ =>
                            _.AddPair("Built", summary.Count(ImageOutcomeKind.Built))
                                .AddPair("Unchanged", summary.Count(ImageOutcomeKind.Unchanged) + summary.Count(ImageOutcomeKind.Cached))
                        );
                        return Task.CompletedTask;
                    })
                );

    void Report(Debyard.Pipeline.Repository.UploadSummary upload) =>
        ReportSummary(_ =>
            _.AddPair("Present", upload.Present)
                .AddPair("Linked", upload.Linked)
                .AddPair("Sent", $"{upload.Sent} ({upload.BytesSent:N0} bytes)")
        );
}
