using System.Diagnostics;

namespace Debyard.Acceptance.Machine;

/// <summary>A program of this machine: git, docker, dpkg-deb.</summary>
static class Tool
{
    /// <summary>Its output; a failure fails the test with its errors.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var (exitCode, output) = await TryAsync(program, arguments);
        return exitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {exitCode}:\n{output}");
    }

    /// <summary>Its exit code and all it printed.</summary>
    public static async Task<(int ExitCode, string Output)> TryAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }
}
