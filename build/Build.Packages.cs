using Debyard.Pipeline.Builds;
using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using Serilog;

partial class Build
{
    Target Upload =>
        _ =>
            _.Description("Offers the dependencies to the branch's repository; sends only what no branch has")
                .DependsOn(Extract)
                .Executes(() => Guarded(async () => Report(await Run.UploadDependenciesAsync())));

    Target Package =>
        _ => _.Description("Builds the main packages").DependsOn(Extract).After(Upload).Executes(() => Guarded(Run.BuildPackagesAsync));

    Target Validate =>
        _ =>
            _.Description("Installs the packages in a clean container with apt-get, starts what they install, checks it over HTTP")
                .DependsOn(Upload, Package)
                .Executes(() => Guarded(Run.ValidateAsync));

    Target Publish =>
        _ =>
            _.Description("Uploads the packages that passed")
                .DependsOn(Validate)
                .Executes(() =>
                    Guarded(async () =>
                    {
                        Report(await Run.PublishAsync());
                        var sources = await Run.SourcesUrlAsync();
                        Log.Information(
                            "apt-get can have it{When:l}: {Url:l}",
                            embedded is null ? "" : " once `./build.sh Serve` runs",
                            embedded is null ? sources : $"http://127.0.0.1:{Port ?? 8080}{sources.AbsolutePath}"
                        );
                    })
                );

    Target Pipeline =>
        _ =>
            _.Description("All of the above: from the manifest to a validated package in the branch's repository")
                .DependsOn(Publish)
                .Executes(() =>
                {
                    Run.SaySummary();
                    ReportSummary(_ =>
                        _.AddPair("Built", Run.Summary.Count(ImageOutcomeKind.Built))
                            .AddPair(
                                "Unchanged",
                                Run.Summary.Count(ImageOutcomeKind.Unchanged) + Run.Summary.Count(ImageOutcomeKind.Cached)
                            )
                    );
                });

    void Report(Debyard.Pipeline.Repository.UploadSummary upload) =>
        ReportSummary(_ =>
            _.AddPair("Present", upload.Present)
                .AddPair("Linked", upload.Linked)
                .AddPair("Sent", $"{upload.Sent} ({upload.BytesSent:N0} bytes)")
        );
}
