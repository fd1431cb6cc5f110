using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Debyard.Debian.Digests;
using Debyard.Protocol;

namespace Debyard.Pipeline.Repository;

/// <summary>A package that may go to a branch's repository.</summary>
/// <param name="Path">Where it is on this machine; null where only the server has it.</param>
public sealed record PackageFile(string? Path, string FileName, FileDigests Digests);

/// <summary>What became of the files of one upload.</summary>
/// <param name="Present">Files the branch had.</param>
/// <param name="Linked">Files another branch had: linked, not sent.</param>
/// <param name="Sent">Files that travelled.</param>
public sealed record UploadSummary(int Present, int Linked, int Sent, long BytesSent);

/// <summary>One branch of a repository server, through the upload protocol.</summary>
public sealed class RepositoryClient
{
    const int Attempts = 5;

    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    readonly HttpClient http;
    readonly RepositoryAddress place;
    readonly bool isNew;

    RepositoryClient(HttpClient http, RepositoryAddress place, BranchAnswer branch)
    {
        (this.http, this.place) = (http, place);
        (Branch, isNew) = (branch.Branch, branch.Created);
    }

    /// <summary>The branch's folder name on the server.</summary>
    public string Branch { get; }

    /// <summary>What goes into a container's <c>/etc/apt/sources.list.d</c>.</summary>
    public Uri SourcesUrl => new(place.Server, $"{Branch}.sources");

    /// <summary>Creates the branch of a git ref where the server lacks it, and opens it.</summary>
    /// <exception cref="PipelineException">The server is down, or refuses.</exception>
    public static async Task<RepositoryClient> OpenAsync(RepositoryAddress place, string reference, CancellationToken cancellation)
    {
        var http = Connect(place);
        using var response = await SendAsync(
            http,
            () =>
                new HttpRequestMessage(HttpMethod.Post, "api/branches")
                {
                    Content = JsonContent.Create(new BranchRequest(reference), ProtocolJson.Default.BranchRequest),
                },
            cancellation
        );
        var answer = await ReadAsync(response, ProtocolJson.Default.BranchAnswer, $"opening the branch of {reference}", cancellation);
        return new RepositoryClient(http, place, answer);
    }

    internal static HttpClient Connect(RepositoryAddress place)
    {
        var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = place.Server,
            Timeout = Timeout.InfiniteTimeSpan, // an upload takes as long as it takes; cancellation ends it
        };
        if (place.Token is { } token)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        if (place.Project is { } project)
        {
            http.DefaultRequestHeaders.Add(HeaderNames.Project, project);
        }
        return http;
    }

    /// <summary>
    /// Offers all files in one request, sends those the server lacks, and publishes them together. Doing it again changes nothing.
    /// </summary>
    /// <exception cref="PipelineException">The server is down or refuses, or the branch has other bytes under one of the names.</exception>
    public async Task<UploadSummary> UploadAsync(IReadOnlyList<PackageFile> files, Action<string> say, CancellationToken cancellation)
    {
        if (files.Count == 0)
        {
            return new UploadSummary(0, 0, 0, 0);
        }
        var offered = files.Zip((await OfferAsync(files, cancellation)).Files.Select(Seen)).ToList();
        if (offered.Where(each => each.Second.Outcome == FileOutcome.Conflict).ToList() is { Count: > 0 } conflicts)
        {
            throw new PipelineException(
                string.Join('\n', conflicts.Select(each => $"{each.First.FileName} cannot be uploaded: {each.Second.Detail}"))
            );
        }
        foreach (var (file, state) in offered.Where(each => each.Second.Outcome != FileOutcome.Missing))
        {
            say($"{file.FileName} {Word(state.Outcome)}");
        }

        var missing = offered.Where(each => each.Second.Outcome == FileOutcome.Missing).Select(each => each.First).ToList();
        if (missing.Find(file => file.Path is null) is { } gone)
        {
            throw new PipelineException(
                $"{gone.FileName} was on the server when the run began, and is not any more: run again, it is built then."
            );
        }
        await Parallel.ForEachAsync(
            missing,
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellation },
            async (file, token) =>
            {
                await PutAsync(file, publishLater: missing.Count > 1, token);
                say($"{file.FileName} uploaded, {file.Digests.Size:N0} bytes");
            }
        );
        if (
            missing.Count > 1
            && (await OfferAsync(files, cancellation)).Files.FirstOrDefault(each =>
                each.Outcome is FileOutcome.Missing or FileOutcome.Conflict
            )
                is { } lost
        )
        {
            throw new PipelineException($"{lost.Name} was uploaded, but the server now says it is {Word(lost.Outcome)}.");
        }
        return new UploadSummary(
            offered.Count(each => each.Second.Outcome == FileOutcome.Present),
            offered.Count(each => each.Second.Outcome == FileOutcome.Linked),
            missing.Count,
            missing.Sum(file => file.Digests.Size)
        );
    }

    // What a branch had when it was born, for this run, came to it by link.
    FileAnswer Seen(FileAnswer answer) =>
        isNew && answer.Outcome == FileOutcome.Present ? answer with { Outcome = FileOutcome.Linked } : answer;

    /// <summary>The branch's <c>.sources</c> file.</summary>
    public async Task<string> ReadSourcesAsync(CancellationToken cancellation)
    {
        using var response = await SendAsync(http, () => new HttpRequestMessage(HttpMethod.Get, SourcesUrl), cancellation);
        await RefuseFailureAsync(response, $"reading {SourcesUrl}", cancellation);
        return Encoding.UTF8.GetString(await BodyAsync(response, cancellation));
    }

    /// <summary>What apt needs in <c>/etc/apt/auth.conf.d</c> to read what <paramref name="sources"/> name; null where no token is known.</summary>
    public string? CredentialsFor(string sources) => place.Token is { } token ? AptCredentials.Render(sources, token) : null;

    async Task<BatchAnswer> OfferAsync(IReadOnlyList<PackageFile> files, CancellationToken cancellation)
    {
        var offer = new Batch([
            .. files.Select(file => new BatchFile(
                file.FileName,
                file.Digests.Size,
                file.Digests.Md5,
                file.Digests.Sha1,
                file.Digests.Sha256,
                place.Suite,
                place.Component
            )),
        ]);
        using var response = await SendAsync(
            http,
            () => new HttpRequestMessage(HttpMethod.Post, $"{Branch}/") { Content = JsonContent.Create(offer, ProtocolJson.Default.Batch) },
            cancellation
        );
        var answer = await ReadAsync(response, ProtocolJson.Default.BatchAnswer, $"offering {files.Count} files", cancellation);
        return
            answer.Files.Select(each => each.Name).SequenceEqual(files.Select(each => each.FileName))
            && answer.Files.All(each => each.Outcome != FileOutcome.Created)
            ? answer
            : throw new PipelineException(
                $"{place.Server} did not answer for the files it was offered: is it a Debyard server of this version?"
            );
    }

    async Task PutAsync(PackageFile file, bool publishLater, CancellationToken cancellation)
    {
        var later = publishLater ? "&publish=later" : "";
        using var response = await SendAsync(
            http,
            () =>
            {
                var request = new HttpRequestMessage(
                    HttpMethod.Put,
                    $"{Branch}/{Uri.EscapeDataString(file.FileName)}?suite={Uri.EscapeDataString(place.Suite)}&component={Uri.EscapeDataString(place.Component)}{later}"
                )
                {
                    Content = new StreamContent(File.OpenRead(file.Path!)),
                };
                request.Content.Headers.ContentLength = file.Digests.Size;
                request.Headers.Add(HeaderNames.Size, $"{file.Digests.Size}");
                request.Headers.Add(HeaderNames.Md5, file.Digests.Md5);
                request.Headers.Add(HeaderNames.Sha1, file.Digests.Sha1);
                request.Headers.Add(HeaderNames.Sha256, file.Digests.Sha256);
                return request;
            },
            cancellation
        );
        await RefuseFailureAsync(response, $"uploading {file.FileName}", cancellation);
    }

    internal static async Task<HttpResponseMessage> SendAsync(
        HttpClient http,
        Func<HttpRequestMessage> request,
        CancellationToken cancellation
    )
    {
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                using var message = request();
                var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
                // 429 and 503: the server says when it has time.
                if (attempt == Attempts || PauseOf(response) is not { } pause || pause > LongestPause)
                {
                    return response;
                }
                response.Dispose();
                await Task.Delay(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, cancellation);
            }
        }
        catch (HttpRequestException exception)
        {
            throw new PipelineException(
                $"The repository server at {http.BaseAddress} does not answer ({exception.GetBaseException().Message}): start it, or check --repository-url.",
                exception
            );
        }
    }

    // RFC 9110, 10.2.3: seconds, as the server says them, or a time, as what stands between may.
    static TimeSpan? PauseOf(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - DateTimeOffset.UtcNow : null;

    internal static async Task<T> ReadAsync<T>(
        HttpResponseMessage response,
        System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type,
        string doing,
        CancellationToken cancellation
    )
    {
        await RefuseFailureAsync(response, doing, cancellation);
        return await ReadAsync(response, type, cancellation);
    }

    static async Task<T> ReadAsync<T>(
        HttpResponseMessage response,
        System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type,
        CancellationToken cancellation
    )
    {
        try
        {
            return JsonSerializer.Deserialize(await BodyAsync(response, cancellation), type) ?? throw new JsonException("nothing");
        }
        catch (JsonException exception)
        {
            throw new PipelineException(
                $"{response.RequestMessage!.RequestUri} answered something else than the protocol's JSON: is it a Debyard server?",
                exception
            );
        }
    }

    static async Task<byte[]> BodyAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return await response.Content.ReadAsByteArrayAsync(cancellation);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new PipelineException(
                $"{Server(response)} hung up in the middle of an answer ({exception.GetBaseException().Message}): run again; what it has is not sent twice.",
                exception
            );
        }
    }

    internal static async Task RefuseFailureAsync(HttpResponseMessage response, string doing, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }
        var reason = await ReasonAsync(response, cancellation);
        var remedy = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                " Set DEBYARD_TOKEN to a token that may write this branch, or give the job one: id_tokens, DEBYARD_ID_TOKEN.",
            HttpStatusCode.InsufficientStorage => " The server's disk is full.",
            _ => "",
        };
        throw new PipelineException(
            $"{doing}: {Server(response)} answered {(int)response.StatusCode} {response.ReasonPhrase}. {reason}{remedy}"
        );
    }

    // application/problem+json where the server is ours; whatever stands between may say anything, so only that is shown.
    static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentType?.MediaType != Problem.MediaType)
        {
            return "No Debyard server answers like that: check --repository-url, and what stands between.";
        }
        var problem = await ReadAsync(response, ProtocolJson.Default.Problem, cancellation);
        return problem.Detail ?? problem.Title ?? "";
    }

    static string Word(FileOutcome outcome) => outcome.ToString().ToLowerInvariant();

    static string Server(HttpResponseMessage response) => response.RequestMessage!.RequestUri!.GetLeftPart(UriPartial.Authority);
}
