using System.Net.Http.Json;
using System.Text;
using Debyard.Protocol;

namespace Debyard.Pipeline.Repository;

/// <summary>The outcomes of one upload.</summary>
/// <param name="Present">Files that the branch had.</param>
/// <param name="Linked">Files that another branch had; they were linked, not sent.</param>
/// <param name="Sent">Files that were sent.</param>
public sealed record UploadSummary(int Present, int Linked, int Sent, long BytesSent);

/// <summary>One branch of a repository server, through the upload protocol.</summary>
public sealed partial class RepositoryClient : IDisposable
{
    readonly RepositoryHttp http;
    readonly RepositoryAddress address;
    readonly bool isNew;

    RepositoryClient(RepositoryHttp http, RepositoryAddress address, BranchAnswer branch)
    {
        (this.http, this.address) = (http, address);
        (Branch, isNew) = (branch.Branch, branch.Created);
    }

    /// <summary>The branch's folder name on the server.</summary>
    public string Branch { get; }

    /// <summary>The address of a file for <c>/etc/apt/sources.list.d</c>.</summary>
    public Uri SourcesUrl => new(address.Server, $"{Branch}.sources");

    /// <summary>The address of a file for <c>/etc/yum.repos.d</c>.</summary>
    public Uri RpmConfigurationUrl => new(address.Server, $"{Branch}/rpm/debyard.repo");

    /// <summary>The rpms of the branch.</summary>
    public RpmRepositoryClient Rpms => new(http, Branch);

    /// <summary>Opens the branch of a git ref; the server creates it if it does not exist.</summary>
    /// <exception cref="PipelineException">The server does not answer, or refuses.</exception>
    public static async Task<RepositoryClient> OpenAsync(RepositoryAddress address, string reference, CancellationToken cancellation)
    {
        var http = new RepositoryHttp(address);
        try
        {
            var answer = await http.SendAsync(
                () =>
                    new HttpRequestMessage(HttpMethod.Post, "api/branches")
                    {
                        Content = JsonContent.Create(new BranchRequest(reference), ProtocolJson.Default.BranchRequest),
                    },
                ProtocolJson.Default.BranchAnswer,
                $"opening the branch of {reference}",
                cancellation
            );
            return new RepositoryClient(http, address, answer);
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Offers all files in one request, sends those that the server lacks, and publishes them together. Repeating it changes nothing.
    /// </summary>
    /// <exception cref="PipelineException">The server does not answer or refuses, or a file of the same name differs.</exception>
    public async Task<UploadSummary> UploadAsync(IReadOnlyList<PackageFile> files, Action<string> log, CancellationToken cancellation)
    {
        if (files.Count == 0)
        {
            return new UploadSummary(0, 0, 0, 0);
        }
        var offers = files.Zip(await OfferAsync(files, cancellation), (file, answer) => new Offer(file, WithLinked(answer))).ToList();
        if (offers.Where(offer => offer.Outcome == FileOutcome.Conflict).ToList() is { Count: > 0 } conflicts)
        {
            throw new PipelineException(
                string.Join('\n', conflicts.Select(offer => $"{offer.File.FileName} cannot be uploaded: {offer.Answer.Detail}"))
            );
        }
        foreach (var offer in offers.Where(offer => offer.Outcome != FileOutcome.Missing))
        {
            log($"{offer.File.FileName} {Word(offer.Outcome)}");
        }
        var missing = offers.Where(offer => offer.Outcome == FileOutcome.Missing).Select(offer => offer.File).ToList();
        await SendAsync(missing, log, cancellation);
        if (missing.Count > 1)
        {
            await PublishAsync(files, cancellation);
        }
        return new UploadSummary(
            offers.Count(offer => offer.Outcome == FileOutcome.Present),
            offers.Count(offer => offer.Outcome == FileOutcome.Linked),
            missing.Count,
            missing.Sum(file => file.Digests.Size)
        );
    }

    /// <summary>The branch's <c>.sources</c> file.</summary>
    public async Task<string> ReadSourcesAsync(CancellationToken cancellation)
    {
        using var response = await http.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Get, SourcesUrl),
            $"reading {SourcesUrl}",
            cancellation
        );
        return Encoding.UTF8.GetString(await RepositoryHttp.ReadBodyAsync(response, cancellation));
    }

    /// <summary>What apt needs in <c>/etc/apt/auth.conf.d</c> to read <paramref name="sources"/>; null if there is no token.</summary>
    public string? CredentialsFor(string sources) => address.Token is { } token ? AptCredentials.Render(sources, token) : null;

    // What a branch created for this run already has was linked at its creation.
    FileAnswer WithLinked(FileAnswer answer) =>
        isNew && answer.Outcome == FileOutcome.Present ? answer with { Outcome = FileOutcome.Linked } : answer;

    async Task<IReadOnlyList<FileAnswer>> OfferAsync(IReadOnlyList<PackageFile> files, CancellationToken cancellation)
    {
        var batch = new Batch([
            .. files.Select(file => new BatchFile(
                file.FileName,
                file.Digests.Size,
                file.Digests.Md5,
                file.Digests.Sha1,
                file.Digests.Sha256.ToString(),
                address.Suite,
                address.Component
            )),
        ]);
        var answer = await http.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Post, $"{Branch}/") { Content = JsonContent.Create(batch, ProtocolJson.Default.Batch) },
            ProtocolJson.Default.BatchAnswer,
            $"offering {files.Count} files",
            cancellation
        );
        return
            answer.Files.Select(file => file.Name).SequenceEqual(files.Select(file => file.FileName))
            && answer.Files.All(file => file.Outcome != FileOutcome.Created)
            ? answer.Files
            : throw new PipelineException(
                $"{address.Server} did not answer for exactly the files it was offered: is it a Debyard server of this version?"
            );
    }

    async Task SendAsync(List<PackageFile> files, Action<string> log, CancellationToken cancellation)
    {
        if (files.Find(file => file.Path is null) is { } lost)
        {
            throw new PipelineException(
                $"{lost.FileName} was in the server's build cache when the run started, and is gone now: run again to build it."
            );
        }
        await Parallel.ForEachAsync(
            files,
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellation },
            async (file, token) =>
            {
                await PutAsync(file, publishLater: files.Count > 1, token);
                log($"{file.FileName} uploaded, {file.Digests.Size:N0} bytes");
            }
        );
    }

    /// <summary>Publishes files that were sent with <c>publish=later</c>: an offer publishes what is pending.</summary>
    async Task PublishAsync(IReadOnlyList<PackageFile> files, CancellationToken cancellation)
    {
        var answers = await OfferAsync(files, cancellation);
        if (answers.FirstOrDefault(answer => answer.Outcome is FileOutcome.Missing or FileOutcome.Conflict) is { } lost)
        {
            throw new PipelineException($"{lost.Name} was uploaded, but the server now reports it as {Word(lost.Outcome)}.");
        }
    }

    async Task PutAsync(PackageFile file, bool publishLater, CancellationToken cancellation)
    {
        using var response = await http.SendAsync(
            () =>
            {
                var path = address.PathOf(Branch, file.FileName) + (publishLater ? "&publish=later" : "");
                var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = new StreamContent(File.OpenRead(file.Path!)) };
                request.Content.Headers.ContentLength = file.Digests.Size;
                request.Headers.Add(HeaderNames.Size, $"{file.Digests.Size}");
                request.Headers.Add(HeaderNames.Md5, file.Digests.Md5);
                request.Headers.Add(HeaderNames.Sha1, file.Digests.Sha1);
                request.Headers.Add(HeaderNames.Sha256, file.Digests.Sha256.ToString());
                return request;
            },
            $"uploading {file.FileName}",
            cancellation
        );
    }

    static string Word(FileOutcome outcome) => outcome.ToString().ToLowerInvariant();

    public void Dispose() => http.Dispose();

    /// <summary>A file and the server's answer to its digests.</summary>
    sealed record Offer(PackageFile File, FileAnswer Answer)
    {
        public FileOutcome Outcome => Answer.Outcome;
    }
}
