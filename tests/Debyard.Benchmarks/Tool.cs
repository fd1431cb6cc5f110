using System.Diagnostics;

namespace Debyard.Benchmarks;

static class Tool
{
    public static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Append("/usr/sbin")
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    public static async Task RunAsync(string folder, string command, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(command, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(
                $"{command} {string.Join(' ', arguments.Take(8))} ended with {process.ExitCode}: {await errors}"
            );
    }

    public static Task ShellAsync(string folder, string script) => RunAsync(folder, "sh", "-ec", script);
}
