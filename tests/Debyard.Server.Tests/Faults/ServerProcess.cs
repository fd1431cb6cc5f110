using System.Diagnostics;
using System.Globalization;

namespace Debyard.Server.Tests.Faults;

/// <summary>The server as a process of its own, on a root that outlives it: to be killed.</summary>
sealed class ServerProcess : IDisposable
{
    // output/dotnet/bin/<project>/<configuration>/
    static readonly string program = Path.Combine(
        AppContext.BaseDirectory,
        "..",
        "..",
        "Debyard.Server.Host",
        Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')),
        "Debyard.Server.Host.dll"
    );

    readonly Process process;
    readonly Task<string> errors;

    ServerProcess(Process process, Uri url)
    {
        this.process = process;
        errors = process.StandardError.ReadToEndAsync();
        Http = new HttpClient { BaseAddress = url };
    }

    public HttpClient Http { get; }

    public int Id => process.Id;

    public Uri Url => Http.BaseAddress!;

    /// <summary>What it logged of warnings and errors, once it has ended.</summary>
    public Task<string> ErrorsAsync() => errors;

    /// <param name="root">The folder it serves.</param>
    /// <param name="port">0 takes a free one.</param>
    /// <param name="workers">Threads of its pool at most; 0 leaves that to .NET.</param>
    /// <param name="configuration">Its configuration file; null: none.</param>
    public static async Task<ServerProcess> StartAsync(string root, int port = 0, int workers = 0, string? configuration = null)
    {
        string[] arguments =
        [
            program,
            root,
            $"http://127.0.0.1:{port}",
            .. configuration is null ? Array.Empty<string>() : [configuration],
        ];
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_TieredPGO"] = "0" },
        };
        if (workers > 0)
        {
            start.Environment["DOTNET_ThreadPool_ForceMaxWorkerThreads"] = workers.ToString("x", CultureInfo.InvariantCulture);
            start.Environment["DOTNET_ThreadPool_ForceMinWorkerThreads"] = workers.ToString("x", CultureInfo.InvariantCulture);
        }
        var process = Process.Start(start)!;
        return await process.StandardOutput.ReadLineAsync() is { } url
            ? new ServerProcess(process, new Uri(url))
            : throw new InvalidOperationException($"The server does not start: {await process.StandardError.ReadToEndAsync()}");
    }

    /// <summary>Attaches strace to the threads there are, not to children; what it injects counts from here on.</summary>
    public Task<Strace> TraceAsync(params string[] arguments) => Strace.AttachAsync(process.Id, arguments);

    /// <summary>As <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>True where it ends within the time.</summary>
    public async Task<bool> EndsAsync(TimeSpan patience)
    {
        try
        {
            await process.WaitForExitAsync().WaitAsync(patience);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        Http.Dispose();
        if (!process.HasExited)
            process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
