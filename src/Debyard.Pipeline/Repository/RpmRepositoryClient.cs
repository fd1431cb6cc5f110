using System.Net.Http.Json;
using Debyard.Protocol;

namespace Debyard.Pipeline.Repository;

/// <summary>The rpm repository of one branch.</summary>
public sealed class RpmRepositoryClient
{
    readonly RepositoryHttp http;
    readonly string branch;

    internal RpmRepositoryClient(RepositoryHttp http, string branch) => (this.http, this.branch) = (http, branch);

    /// <summary>
    /// Sends the rpms that the branch lacks; the server signs them and publishes all of them together. Repeating it changes nothing.
    /// </summary>
    /// <exception cref="PipelineException">The server does not answer or refuses, or a file of the same name differs.</exception>
    public async Task<UploadSummary> UploadAsync(IReadOnlyList<PackageFile> rpms, Action<string> log, CancellationToken cancellation)
    {
        if (rpms.Count == 0)
        {
            return new UploadSummary(0, 0, 0, 0);
        }
        var answers = await OfferAsync(rpms, cancellation);
        if (answers.Where(answer => answer.Outcome == FileOutcome.Conflict).ToList() is { Count: > 0 } conflicts)
        {
            throw new PipelineException(
                string.Join('\n', conflicts.Select(answer => $"{answer.Name} cannot be uploaded: {answer.Detail}"))
            );
        }
        var missing = rpms.Zip(answers).Where(pair => pair.Second.Outcome == FileOutcome.Missing).Select(pair => pair.First).ToList();
        foreach (var rpm in missing)
        {
            await PutAsync(rpm, cancellation);
            log($"{rpm.FileName} uploaded, {rpm.Digests.Size:N0} bytes");
        }
        if (
            missing.Count > 0
            && (await OfferAsync(rpms, cancellation)).FirstOrDefault(answer => answer.Outcome != FileOutcome.Present) is { } lost
        )
        {
            throw new PipelineException($"{lost.Name} was uploaded, but the server now reports it as {lost.Outcome}: run again.");
        }
        return new UploadSummary(rpms.Count - missing.Count, 0, missing.Count, missing.Sum(rpm => rpm.Digests.Size));
    }

    async Task<IReadOnlyList<FileAnswer>> OfferAsync(IReadOnlyList<PackageFile> rpms, CancellationToken cancellation)
    {
        var batch = new RpmBatch([.. rpms.Select(rpm => new RpmBatchFile(rpm.FileName, rpm.Digests.Sha256.ToString()))]);
        var answer = await http.SendAsync(
            () =>
                new HttpRequestMessage(HttpMethod.Post, $"{branch}/rpm/")
                {
                    Content = JsonContent.Create(batch, ProtocolJson.Default.RpmBatch),
                },
            ProtocolJson.Default.BatchAnswer,
            $"offering {rpms.Count} rpms",
            cancellation
        );
        return answer.Files.Select(file => file.Name).SequenceEqual(rpms.Select(rpm => rpm.FileName))
            ? answer.Files
            : throw new PipelineException("The server did not answer for exactly the rpms it was offered: is it of this version?");
    }

    async Task PutAsync(PackageFile rpm, CancellationToken cancellation)
    {
        using var response = await http.SendAsync(
            () =>
            {
                // Tilde and caret may be in a path; a plus sign too (RFC 3986, 3.3), but not every server reads it so.
                var path = $"{branch}/rpm/{Uri.EscapeDataString(rpm.FileName)}";
                var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = new StreamContent(File.OpenRead(rpm.Path!)) };
                request.Content.Headers.ContentLength = rpm.Digests.Size;
                request.Headers.Add(HeaderNames.Size, $"{rpm.Digests.Size}");
                request.Headers.Add(HeaderNames.Sha256, rpm.Digests.Sha256.ToString());
                return request;
            },
            $"uploading {rpm.FileName}",
            cancellation
        );
    }
}
