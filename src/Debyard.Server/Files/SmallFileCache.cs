using System.Buffers;
using System.Collections.Concurrent;
using Debyard.Repository.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Debyard.Server.Files;

/// <summary>
/// Keeps small files that clients request often in memory, such as InRelease, by request path. A cached file is served as long as its path
/// on disk still leads to the same version.
/// </summary>
sealed class SmallFileCache(TimeProvider time)
{
    const int MaxFileSize = 32 * 1024,
        MaxFiles = 256;

    readonly ConcurrentDictionary<string, CachedFile> files = new(StringComparer.Ordinal);

    public IResult? Find(HttpRequest request) =>
        request.Path.Value is { } requested && files.TryGetValue(requested, out var file) && FileVersion.Of(file.Path) == file.Version
            ? file
            : null;

    /// <summary>Caches the file at a path of the branch's folder. Null if it is large, missing, or not for clients.</summary>
    public IResult? TryAdd(HttpRequest request, BranchFolder folder, string path)
    {
        if (
            folder.Served(path) is not { } place
            || FileVersion.Of(place) is not { Size: <= MaxFileSize } version
            || Read(place) is not { } content
            || content.Length != version.Size
            || FileVersion.Of(place) != version
        )
            return null;
        // Simpler than tracking which files are still requested.
        if (files.Count >= MaxFiles)
            files.Clear();
        return files[request.Path.Value!] = new CachedFile(place, version, FileHeaders.Of(request.Path, path, version), content, time);
    }

    static byte[]? Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    sealed record CachedFile(string Path, FileVersion Version, FileHeaders Headers, byte[] Content, TimeProvider Time) : IResult
    {
        public Task ExecuteAsync(HttpContext http)
        {
            var now = Time.GetUtcNow();
            Headers.ResolveConditions(http.Request, now);
            if (!FileHeaders.IsForWholeFile(http.Request))
                return AnswerPartAsync(http, now);
            Headers.ApplyTo(http.Response, now);
            // Flushed with the end of the answer.
            http.Response.BodyWriter.Write(Content);
            return Task.CompletedTask;
        }

        Task AnswerPartAsync(HttpContext http, DateTimeOffset now)
        {
            http.Response.Headers.CacheControl = Headers.CacheControl;
            return TypedResults
                .Bytes(
                    Content,
                    Headers.ContentType,
                    enableRangeProcessing: true,
                    lastModified: Headers.LastModified(now),
                    entityTag: new EntityTagHeaderValue(Headers.ETag)
                )
                .ExecuteAsync(http);
        }
    }
}
