using System.Text;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Repository;
using Debyard.Pipeline.Validation.Installing;
using Debyard.Protocol;

namespace Debyard.Pipeline.Validation;

/// <summary>
/// A root file system in which apt has read the branch's repository and downloaded all that the validation installs, but installed
/// nothing. Containers made from it need no network to install, and so none of the host's.
/// </summary>
/// <param name="Reference">Its image.</param>
/// <param name="Packages">Paths of the candidate's packages in it, or names.</param>
/// <param name="Installed">What the candidate is installed with.</param>
/// <param name="Earlier">Null: the default branch has no other version.</param>
public sealed record PreparedRoot(
    string Reference,
    IReadOnlyList<string> Packages,
    IReadOnlyList<VerdictFile> Installed,
    EarlierPackages? Earlier
)
{
    const string CredentialsFile = "/etc/apt/auth.conf.d/debyard.conf";
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static async Task<PreparedRoot> PrepareAsync(
        DockerEngine engine,
        RepositoryClient repository,
        Candidate candidate,
        string root,
        ValidationImages images,
        CancellationToken cancellation
    )
    {
        // A container reaches a server on this machine's loopback only through the host's network.
        var network = repository.SourcesUrl.IsLoopback ? "host" : "bridge";
        await using var container = await engine.StartAsync(new ContainerRequest(candidate.Base, root, network), cancellation);
        var sources = await repository.ReadSourcesAsync(cancellation);
        var apt = new Apt(container);
        var files = candidate.Packages.ToDictionary(file => $"{AptSources.Folder}/{file.FileName}", file => File.ReadAllBytes(file.Path!));
        await container.WriteAsync(files.Select(file => (file.Key, file.Value)), cancellation);
        var earlier = await FindEarlierAsync(repository, candidate, cancellation);
        await container.WriteAsync(
            new[] { (AptSources.CandidateFile, sources), (AptSources.ActiveFile, sources), (AptSources.EarlierFile, earlier?.Sources) }
                .Where(file => file.Item2 is not null)
                .Select(file => (file.Item1, Encoding.UTF8.GetBytes(file.Item2!))),
            cancellation
        );
        // Both branches for one update; afterwards apt sees one at a time, and the lists of the other stay.
        if (earlier is not null && earlier.Value.Sources != sources)
        {
            await container.RunAsync(["cp", AptSources.EarlierFile, AptSources.BothFile], cancellation);
        }
        var credentials = string.Concat(new[] { sources, earlier?.Sources }.OfType<string>().Distinct().Select(repository.CredentialsFor));
        if (credentials.Length > 0)
        {
            await container.WriteAsync([(CredentialsFile, Encoding.UTF8.GetBytes(credentials))], cancellation, OwnerOnly);
        }
        await apt.UpdateAsync(cancellation);
        await container.RunAsync(["rm", "-f", AptSources.BothFile], cancellation);
        List<string> wanted =
        [
            .. files.Keys,
            .. candidate.Names,
            .. candidate.Plan.Scenarios.SelectMany(scenario => scenario.Install).Distinct(),
        ];
        var downloads = await apt.ListDownloadsAsync(wanted, cancellation);
        await apt.DownloadAsync(wanted, cancellation);
        var installed = await DigestsAsync(container, downloads, sources, cancellation);
        if (earlier is not null)
        {
            await AptSources.UseAsync(container, ofEarlier: true, cancellation);
            await apt.DownloadAsync(earlier.Value.Packages.Packages, cancellation);
            await AptSources.UseAsync(container, ofEarlier: false, cancellation);
        }
        // What runs in containers made from this must not see the token.
        await container.RunAsync(["rm", "-f", CredentialsFile], cancellation);
        return new PreparedRoot(
            await images.CommitAsync(container, "prepared", cancellation),
            [.. files.Keys, .. candidate.Names],
            installed,
            earlier?.Packages
        );
    }

    static async Task<(string Sources, EarlierPackages Packages)?> FindEarlierAsync(
        RepositoryClient repository,
        Candidate candidate,
        CancellationToken cancellation
    )
    {
        if (candidate.Plan.Life is not { Upgrade: true })
        {
            return null;
        }
        var earlier = await repository.FindBranchAsync(candidate.Manifest.Repository.DefaultBranch, candidate.PackageNames, cancellation);
        var packages = (earlier?.Packages ?? [])
            .Where(package => package.Architecture == "all" || package.Architecture == candidate.Base.Architecture.ToString())
            .Where(package => candidate.Packages.All(file => file.Digests.Sha256.ToString() != package.Sha256))
            .Select(package => $"{package.Package}={package.Version}")
            .ToList();
        return packages.Count > 0 ? (earlier!.Sources, new EarlierPackages(earlier.Branch, packages)) : null;
    }

    static async Task<IReadOnlyList<VerdictFile>> DigestsAsync(
        EngineContainer container,
        IReadOnlyList<(string Address, string FileName)> downloads,
        string sources,
        CancellationToken cancellation
    )
    {
        var addresses = sources
            .Split('\n')
            .Where(line => line.StartsWith("URIs:", StringComparison.Ordinal))
            .SelectMany(line => line["URIs:".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(address => address.TrimEnd('/') + "/")
            .ToList();
        var sums = await container.RunAsync(["sh", "-c", "cd /var/cache/apt/archives && sha256sum *.deb"], cancellation);
        var digests = sums
            .Output.Split('\n')
            .Select(line => line.Split("  ", 2))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => AptOutput.WithoutEpoch(parts[1]), parts => parts[0]);
        return
        [
            .. downloads
                .Select(download => new VerdictFile(
                    download.FileName,
                    digests.GetValueOrDefault(download.FileName),
                    addresses.Exists(address => download.Address.StartsWith(address, StringComparison.Ordinal))
                ))
                .OrderBy(file => file.Name, StringComparer.Ordinal),
        ];
    }
}
