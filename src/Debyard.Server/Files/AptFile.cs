using Debyard.Repository.Storage;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Microsoft.Win32.SafeHandles;

namespace Debyard.Server.Files;

/// <summary>A branch's file as HTTP serves it: GET and HEAD, ranges, ETag, 304.</summary>
sealed class AptFile : IResult
{
    // Read and sent at once: in smaller pieces the calls show, in larger ones nothing is gained, and each slow client holds two.
    const int BlockSize = 64 * 1024;

    readonly SafeFileHandle file;
    readonly FileHeaders head;

    AptFile(SafeFileHandle file, FileHeaders head) => (this.file, this.head) = (file, head);

    /// <summary>The file at a path of the branch's folder; 404 where there is none for clients.</summary>
    public static IResult Of(HttpRequest request, BranchFolder folder, string path)
    {
        if (Open(folder.Served(path)) is not { } file)
            return Answers.Problem(404, $"{Path.GetFileName(folder.Root)} has no file {path}.");
        // What is known of the file comes from the open handle: the name may be another file's already.
        return new AptFile(file, FileHeaders.Of(request.Path, path, FileVersion.Of(file)));
    }

    public async Task ExecuteAsync(HttpContext http)
    {
        using (file)
            if (FileHeaders.IsAllThatIsAsked(http.Request))
            {
                head.ApplyTo(http.Response);
                await SendAsync(http);
            }
            else
            {
                http.Response.Headers.CacheControl = head.CacheControl;
                await using var content = new FileStream(file, FileAccess.Read, bufferSize: 0);
                await TypedResults
                    .Stream(
                        content,
                        head.ContentType,
                        lastModified: head.LastModified,
                        entityTag: new EntityTagHeaderValue(head.ETag),
                        enableRangeProcessing: true
                    )
                    .ExecuteAsync(http);
            }
    }

    // Read into the very memory that is sent. Of files that clients ask for the system has most in memory: not worth a thread's change each.
    async Task SendAsync(HttpContext http)
    {
        var output = http.Response.BodyWriter;
        for (var sent = 0L; sent < head.Length; )
        {
            var wanted = (int)Math.Min(BlockSize, head.Length - sent);
            var count = RandomAccess.Read(file, output.GetSpan(wanted)[..wanted], sent);
            if (count == 0)
                throw new EndOfStreamException($"{http.Request.Path} has become shorter.");
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
