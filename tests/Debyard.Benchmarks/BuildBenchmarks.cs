using System.Diagnostics;
using System.Globalization;
using Debyard.Pipeline.Builds;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Manifests;

namespace Debyard.Benchmarks;

/// <summary>Measures a run in which no image has changed, against plain <c>docker build</c> and <c>make</c>.</summary>
sealed class BuildBenchmarks(string root, string manifestFile, int rounds)
{
    const int AtATime = 4;

    readonly Manifest manifest = ManifestReader.Read(Path.Combine(root, manifestFile));
    readonly List<Measurement> measured = [];

    public async Task RunAsync()
    {
        // Builds missing images, which is not measured.
        await RunOursAsync();
        var warm = new Measurement($"nothing changed, {Images.Count} images", "100 images: 1 s")
            .With("debyard, ./build.sh Extract", _ => RunOursAsync())
            .With(
                $"docker build of each, {AtATime} at a time",
                _ =>
                    Parallel.ForEachAsync(
                        Images,
                        new ParallelOptions { MaxDegreeOfParallelism = AtATime },
                        async (image, cancellation) => await BuildAsync(image, cancellation)
                    )
            );
        if (Tool.IsInstalled("make"))
        {
            var makefile = await WriteMakefileAsync();
            warm.With("make, times of files alone", _ => Tool.RunAsync(root, "make", "--silent", "--file", makefile));
        }
        measured.Add(await warm.RunAsync(rounds));
        measured.Add(
            await new Measurement("build.sh until it could run its first target", "0.3 s")
                .With("debyard, ./build.sh --help", _ => Tool.RunAsync(root, "./build.sh", "--help"))
                .RunAsync(rounds)
        );
    }

    public string Report(string command)
    {
        var summary = new BuildSummary();
        var durations = new BuildDurations(Path.Combine(root, "output", "durations.json"));
        Images.ForEach(image => summary.Add(new ImageOutcome(image, ImageOutcomeKind.Built, "", durations.EstimateFor(image))));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            # Benchmarks of builds

            Measured by `{command}` on {DateTime.UtcNow:yyyy-MM-dd}: {Environment.ProcessorCount} cores, load {File.ReadAllText(
                    "/proc/loadavg"
                ).Split(' ')[1]}, {rounds} rounds. All take
            turns on the same images. The ratio is the median, over all rounds, of Debyard's time divided by the other's: below 1 Debyard is
            faster. Measured with Nuke.Common {NukeVersion} (decision 1 says what the choice costs).

            | what | target | who | median | p95 | ours / theirs |
            | --- | --- | --- | --- | --- | --- |
            {string.Join('\n', measured.SelectMany(measurement => measurement.Rows()))}

            Built from nothing, these {Images.Count} images take at least {summary.LowerBound(
                Environment.ProcessorCount
            ).TotalSeconds:0} s with {Environment.ProcessorCount} at a time: the critical path, or the total of all durations
            (`output/durations.json`) divided by {Environment.ProcessorCount}. The last line of the run that built them shows the time it
            took.

            """
        );
    }

    string NukeVersion =>
        FileVersionInfo
            .GetVersionInfo(Path.Combine(root, "output", "dotnet", "bin", "_build", "debug", "Nuke.Common.dll"))
            .ProductVersion!.Split('+')[0];

    // All that one engine can build: an image somebody has to supply is not here.
    IReadOnlyList<BuildArchitecture> Architectures =>
        [.. manifest.Architectures.Where(architecture => architecture.Strategy != BuildStrategy.Supplied)];

    List<Image> Images =>
        field ??= [
            .. ImageGraph
                .For(
                    new ImageSelection(
                        manifest,
                        Architectures,
                        [.. manifest.Dependencies.Select(dependency => dependency.Name)],
                        Platforms.EngineArchitecture
                    ),
                    new SourceHistory(manifest.Directory, manifest.File),
                    reference => SuppliedImage.IdOfAsync(reference, CancellationToken.None).GetAwaiter().GetResult()
                )
                .Images.Where(image => image.Context is not null),
        ];

    Task RunOursAsync() =>
        Tool.RunAsync(
            root,
            "./build.sh",
            "Extract",
            "--manifest",
            manifestFile,
            "--architectures",
            string.Join(',', Architectures.Select(architecture => architecture.Name))
        );

    static async Task BuildAsync(Image image, CancellationToken cancellation)
    {
        if (await DockerCli.Build(image, image.Context!.Folder).RunAsync(_ => { }, cancellation) != 0)
            throw new InvalidOperationException($"docker cannot build {image.Id}");
    }

    /// <summary>Writes a rule for each image, which runs if a file of its context is newer.</summary>
    async Task<string> WriteMakefileAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, "output", "benchmarks", "stamps")).FullName;
        var rules = Images
            .Select(image => (Stamp: Stamp(folder, image), image))
            .Select(rule =>
            {
                var context = rule.image.Context!;
                var files = context.Files.Append("Dockerfile").Select(file => Path.Combine(context.Folder, file));
                var parents = rule.image.Parents.Values.Where(Images.Contains).Select(parent => Stamp(folder, parent));
                return $"{rule.Stamp}: {string.Join(' ', files)} {string.Join(' ', parents)}\n\ttouch $@\n";
            });
        var makefile = Path.Combine(folder, "..", "Makefile");
        await File.WriteAllTextAsync(
            makefile,
            $"all: {string.Join(' ', Images.Select(image => Stamp(folder, image)))}\n\n{string.Join('\n', rules)}"
        );
        return makefile;
    }

    static string Stamp(string folder, Image image) => Path.Combine(folder, image.Id.Replace('/', '-'));
}
