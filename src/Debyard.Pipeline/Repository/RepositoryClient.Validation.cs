using System.Net.Http.Json;
using System.Text;
using Debyard.Debian.Names;
using Debyard.Protocol;

namespace Debyard.Pipeline.Repository;

/// <summary>Another branch of the same server, as apt sees it.</summary>
/// <param name="Branch">Its folder name.</param>
/// <param name="Sources">Its <c>.sources</c> file.</param>
/// <param name="Packages">The newest version of each package that was asked for and that it has.</param>
public sealed record OtherBranch(string Branch, string Sources, IReadOnlyList<PackageEntry> Packages);

// Verdicts, plans, and what an upgrade starts from.
public sealed partial class RepositoryClient
{
    /// <summary>Records that packages passed validation.</summary>
    /// <exception cref="PipelineException">The server does not answer, or refuses.</exception>
    public Task<VerdictAnswer> RecordVerdictAsync(Verdict verdict, CancellationToken cancellation) =>
        http.SendAsync(
            () =>
                new HttpRequestMessage(HttpMethod.Put, $"api/branches/{Branch}/verdicts/{verdict.Fingerprint}")
                {
                    Content = JsonContent.Create(verdict, ProtocolJson.Default.Verdict),
                },
            ProtocolJson.Default.VerdictAnswer,
            "recording the verdict",
            cancellation
        );

    /// <summary>The verdict that the branch or a trusted branch has; null if there is none.</summary>
    /// <exception cref="PipelineException">The server does not answer, or refuses.</exception>
    public Task<VerdictAnswer?> FindVerdictAsync(string fingerprint, CancellationToken cancellation) =>
        http.FindAsync(
            $"api/branches/{Branch}/verdicts/{fingerprint}",
            ProtocolJson.Default.VerdictAnswer,
            "asking for the verdict",
            cancellation
        );

    /// <summary>Records how to validate a package that the branch lists.</summary>
    /// <exception cref="PipelineException">The server does not answer, or refuses.</exception>
    public Task RecordPlanAsync(Sha256 package, CarriedPlan plan, CancellationToken cancellation) =>
        http.SendAsync(
            () =>
                new HttpRequestMessage(HttpMethod.Put, $"api/branches/{Branch}/plans/{package}")
                {
                    Content = JsonContent.Create(plan, ProtocolJson.Default.CarriedPlan),
                },
            ProtocolJson.Default.CarriedPlan,
            "recording how the packages are validated",
            cancellation
        );

    /// <summary>How to validate the packages that the branch lists, of all products.</summary>
    /// <exception cref="PipelineException">The server does not answer, or refuses.</exception>
    public async Task<IReadOnlyList<CarriedPlanEntry>> ListPlansAsync(CancellationToken cancellation) =>
        (
            await http.SendAsync(
                () => new HttpRequestMessage(HttpMethod.Get, $"api/branches/{Branch}/plans"),
                ProtocolJson.Default.CarriedPlanList,
                "asking how the branch's packages are validated",
                cancellation
            )
        ).Plans;

    /// <summary>Reads what another branch has of some packages; null if there is no such branch.</summary>
    /// <exception cref="PipelineException">The server does not answer, or refuses.</exception>
    public async Task<OtherBranch?> FindBranchAsync(string gitRef, IEnumerable<string> packages, CancellationToken cancellation)
    {
        var folder = FolderOf(gitRef);
        var found = new List<PackageEntry>();
        foreach (var package in packages)
        {
            var details = await http.FindAsync(
                $"api/branches/{folder}?package={Uri.EscapeDataString(package)}",
                ProtocolJson.Default.BranchDetails,
                $"asking for {package} in {gitRef}",
                cancellation
            );
            if (details is null)
            {
                return null;
            }
            found.AddRange(
                details
                    .Packages.GroupBy(entry => entry.Architecture)
                    .Select(versions => versions.MaxBy(entry => DebianVersion.Parse(entry.Version))!)
            );
        }
        using var response = await http.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Get, new Uri(address.Server, $"{folder}.sources")),
            $"reading {folder}.sources",
            cancellation
        );
        return new OtherBranch(folder, Encoding.UTF8.GetString(await RepositoryHttp.ReadBodyAsync(response, cancellation)), found);
    }

    // GitLab's CI_COMMIT_REF_SLUG; the server names the folders of refs so.
    static string FolderOf(string gitRef)
    {
        var slug = new string([.. gitRef.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')]);
        return (slug.Length > 63 ? slug[..63] : slug).Trim('-');
    }
}
