using Debyard.Debian.Names;
using Debyard.Pipeline.BuildCache;
using Debyard.Pipeline.Builds;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Repository;
using Debyard.Pipeline.Rpm;

namespace Debyard.Pipeline.Steps;

/// <summary>Makes an rpm of each package of the run and uploads them to the branch's rpm repository.</summary>
/// <param name="folder">Where the rpms are kept.</param>
sealed class RpmStep(
    RunPlan plan,
    RunArtifacts artifacts,
    CachedImages cached,
    ImageBuilds builds,
    RunConnections connections,
    string folder,
    Action<string> log
)
{
    public async Task<UploadSummary> RunAsync(CancellationToken cancellation)
    {
        var packages = await PackagesAsync(cancellation);
        var own = packages.Select(package => package.Content.Name.Name.ToString()).Concat(NamesInManifest).ToHashSet();
        // All of them before the first is built, so that one run reports everything without a counterpart.
        var (specs, problems) = (new List<string>(), new List<string>());
        foreach (var (_, content, settings) in packages)
        {
            try
            {
                specs.Add(RpmSpec.Render(content, own, settings));
            }
            catch (PipelineException problem)
            {
                problems.Add(problem.Message);
            }
        }
        if (problems.Count > 0)
        {
            throw new PipelineException(string.Join('\n', problems));
        }
        var (builder, rpms) = (Builder(cancellation), new List<PackageFile>());
        foreach (var ((deb, content, _), spec) in packages.Zip(specs))
        {
            rpms.Add(await builder.BuildAsync(deb, content, spec, cancellation));
            log($"{rpms[^1].FileName} made of {deb.FileName}, {rpms[^1].Digests.Size:N0} bytes");
        }
        return await (await connections.RepositoryAsync()).Rpms.UploadAsync(rpms, log, cancellation);
    }

    async Task<IReadOnlyList<(PackageFile Deb, DebContent Content, RpmSettings Settings)>> PackagesAsync(CancellationToken cancellation)
    {
        var packages = new Dictionary<string, (PackageFile, DebContent, RpmSettings)>();
        foreach (var image in plan.Graph.Of(ImageKind.Dependency, ImageKind.Package))
        {
            await cached.FetchAsync(image, cancellation);
            foreach (var deb in await artifacts.OfAsync(image, cancellation))
            {
                var architecture = DebFileName.Parse(deb.FileName).Architecture;
                if (RpmArchitecture.Of(architecture) is null)
                {
                    log($"{deb.FileName} skipped: no distribution with rpm has the architecture {architecture}");
                }
                // Images for several architectures may each have the same package for "all".
                else if (!packages.ContainsKey(deb.FileName))
                {
                    packages.Add(deb.FileName, (deb, await DebContent.ReadAsync(deb.Path!, cancellation), SettingsOf(image)));
                }
            }
        }
        return [.. packages.Values];
    }

    RpmBuilder Builder(CancellationToken cancellation)
    {
        var tools = new Image
        {
            Kind = ImageKind.Base,
            Name = RpmBuilder.Tools(Mirror).Name,
            Architecture = Platforms.EngineArchitecture,
            Product = plan.Manifest.Product,
            Base = RpmBuilder.Tools(Mirror),
        };
        return new RpmBuilder(
            async () =>
            {
                await builds.BuildAsync([tools], cancellation);
                return await connections.EngineAsync();
            },
            tools,
            folder
        );
    }

    // The archive that the manifest names for the same Debian, such as a mirror in a network without internet.
    string? Mirror =>
        plan.Manifest.Bases.OfType<BaseImage.Bootstrapped>().FirstOrDefault(@base => @base.Suite == RpmBuilder.Tools(null).Suite)?.Mirror;

    IEnumerable<string> NamesInManifest =>
        plan.Manifest.Dependencies.Select(dependency => dependency.Name).Concat(plan.Manifest.Packages.Select(package => package.Name));

    RpmSettings SettingsOf(Image image) =>
        image.Kind == ImageKind.Dependency
            ? plan.Manifest.Dependencies.First(dependency => dependency.Name == image.Name).Rpm
            : plan.Manifest.Packages.First(package => package.Name == image.Name).Rpm;
}
