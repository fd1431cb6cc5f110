using Debyard.Repository.Storage;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Microsoft.Win32.SafeHandles;

namespace Debyard.Server.Files;

/// <summary>Serves a branch's file: GET and HEAD, ranges, ETag, 304.</summary>
sealed class AptFile : IResult
{
    // Smaller blocks cost more system calls, larger ones gain nothing, and each slow client holds two.
    const int BlockSize = 64 * 1024;

    readonly SafeFileHandle file;
    readonly FileHeaders headers;
    readonly TimeProvider time;

    AptFile(SafeFileHandle file, FileHeaders headers, TimeProvider time) => (this.file, this.headers, this.time) = (file, headers, time);

    /// <summary>The file at a path of the branch's folder; 404 if it is missing or not for clients.</summary>
    public static IResult Of(HttpRequest request, BranchFolder folder, string path, TimeProvider time)
    {
        if (Open(folder.Served(path)) is not { } file)
            return Answers.Problem(404, $"{Path.GetFileName(folder.Root)} has no file {path}.");
        // From the open handle: the path may lead to another file by now.
        return new AptFile(file, FileHeaders.Of(request.Path, path, FileVersion.Of(file)), time);
    }

    public async Task ExecuteAsync(HttpContext http)
    {
        using (file)
        {
            var now = time.GetUtcNow();
            headers.ResolveConditions(http.Request, now);
            if (FileHeaders.IsForWholeFile(http.Request))
            {
                headers.ApplyTo(http.Response, now);
                await SendAsync(http);
            }
            else
            {
                http.Response.Headers.CacheControl = headers.CacheControl;
                await using var content = new FileStream(file, FileAccess.Read, bufferSize: 0);
                await TypedResults
                    .Stream(
                        content,
                        headers.ContentType,
                        lastModified: headers.LastModified(now),
                        entityTag: new EntityTagHeaderValue(headers.ETag),
                        enableRangeProcessing: true
                    )
                    .ExecuteAsync(http);
            }
        }
    }

    // Reads into the memory that is sent, and synchronously: most requested files are in the page cache, which is not worth a thread
    // switch.
    async Task SendAsync(HttpContext http)
    {
        var output = http.Response.BodyWriter;
        for (var sent = 0L; sent < headers.Length; )
        {
            var wanted = (int)Math.Min(BlockSize, headers.Length - sent);
            var count = RandomAccess.Read(file, output.GetSpan(wanted)[..wanted], sent);
            if (count == 0)
                throw new EndOfStreamException($"{http.Request.Path} was truncated.");
            output.Advance(count);
            sent += count;
            if ((await output.FlushAsync(http.RequestAborted)).IsCompleted)
                return;
        }
    }

    static SafeFileHandle? Open(string? path)
    {
        try
        {
            return File.Exists(path) ? File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete) : null;
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
