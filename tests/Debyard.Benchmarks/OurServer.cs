using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;

namespace Debyard.Benchmarks;

/// <summary>The Debyard server in a separate process, used over HTTP like by any client.</summary>
sealed class OurServer(string root) : IDisposable
{
    static readonly string program = Path.Combine(
        AppContext.BaseDirectory,
        "..",
        "..",
        "Debyard.Server.Host",
        Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')),
        "Debyard.Server.Host.dll"
    );

    Process? process;

    public HttpClient Http { get; private set; } = new();

    public string Root => root;

    public async Task StartAsync()
    {
        process = Process.Start(new ProcessStartInfo("dotnet", [program, root, "http://127.0.0.1:0"]) { RedirectStandardOutput = true })!;
        Http = new HttpClient
        {
            BaseAddress = new Uri((await process.StandardOutput.ReadLineAsync())!),
            Timeout = TimeSpan.FromMinutes(10),
        };
    }

    public void Stop()
    {
        Http.Dispose();
        process?.Kill();
        process?.WaitForExit();
        process?.Dispose();
        process = null;
    }

    public async Task PutAsync(string branch, string path)
    {
        await using var file = File.OpenRead(path);
        using var answer = await Http.PutAsync($"{branch}/{Path.GetFileName(path)}", new StreamContent(file));
        answer.EnsureSuccessStatusCode();
    }

    public async Task CreateAsync(string branch)
    {
        using var answer = await Http.PutAsJsonAsync($"api/branches/{branch}", new { });
        answer.EnsureSuccessStatusCode();
    }

    public async Task RetireAsync(string branch)
    {
        using var answer = await Http.DeleteAsync($"api/branches/{branch}");
        answer.EnsureSuccessStatusCode();
    }

    public async Task BatchAsync(string branch, IEnumerable<(string Name, long Size, string Sha256)> files)
    {
        using var answer = await Http.PostAsJsonAsync(
            $"{branch}/",
            new
            {
                files = files.Select(file => new
                {
                    name = file.Name,
                    size = file.Size,
                    sha256 = file.Sha256,
                }),
            }
        );
        answer.EnsureSuccessStatusCode();
        if ((await answer.Content.ReadAsStringAsync()).Contains("missing", StringComparison.Ordinal))
            throw new InvalidOperationException("The server lacks packages that it should link.");
    }

    public static (string, long, string) Digest(string path) =>
        (Path.GetFileName(path), new FileInfo(path).Length, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));

    /// <summary>VmRSS and VmHWM from /proc (proc(5)), in MB.</summary>
    public (long Now, long Most) ResidentMegabytes()
    {
        var status = File.ReadAllLines($"/proc/{process!.Id}/status");
        return (Of("VmRSS:"), Of("VmHWM:"));

        long Of(string name) =>
            long.Parse(
                status
                    .Single(line => line.StartsWith(name, StringComparison.Ordinal))
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]
                    .Trim(),
                CultureInfo.InvariantCulture
            ) / 1024;
    }

    public void Dispose() => Stop();
}
