using System.Buffers;
using System.Collections.Concurrent;
using Debyard.Repository.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Debyard.Server.Files;

/// <summary>
/// The small files that clients ask for again and again, InRelease first of all: kept in memory, by the path of the request, and answered as long
/// as the name on disk still means the same version of the file.
/// </summary>
sealed class SmallFileCache
{
    const int LargestFile = 32 * 1024,
        MostFiles = 256;

    readonly ConcurrentDictionary<string, CachedFile> files = new(StringComparer.Ordinal);

    public IResult? Find(HttpRequest request) =>
        request.Path.Value is { } asked && files.TryGetValue(asked, out var file) && FileVersion.Of(file.Path) == file.Version
            ? file
            : null;

    /// <summary>The file at a path of the branch's folder, kept if it is small; null where it is not, or none for clients.</summary>
    public IResult? TryAdd(HttpRequest request, BranchFolder folder, string path)
    {
        if (
            folder.Served(path) is not { } place
            || FileVersion.Of(place) is not { Size: <= LargestFile } version
            || Read(place) is not { } content
            || content.Length != version.Size
            || FileVersion.Of(place) != version
        )
            return null;
        // Rather than to tell which of them are still asked for.
        if (files.Count >= MostFiles)
            files.Clear();
        return files[request.Path.Value!] = new CachedFile(place, version, FileHeaders.Of(request.Path, path, version), content);
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

    sealed record CachedFile(string Path, FileVersion Version, FileHeaders Head, byte[] Content) : IResult
    {
        public Task ExecuteAsync(HttpContext http)
        {
            if (!FileHeaders.IsAllThatIsAsked(http.Request))
                return AnswerPartAsync(http);
            Head.ApplyTo(http.Response);
            // Flushed with the end of the answer.
            http.Response.BodyWriter.Write(Content);
            return Task.CompletedTask;
        }

        Task AnswerPartAsync(HttpContext http)
        {
            http.Response.Headers.CacheControl = Head.CacheControl;
            return TypedResults
                .Bytes(
                    Content,
                    Head.ContentType,
                    enableRangeProcessing: true,
                    lastModified: Head.LastModified,
                    entityTag: new EntityTagHeaderValue(Head.ETag)
                )
                .ExecuteAsync(http);
        }
    }
}
