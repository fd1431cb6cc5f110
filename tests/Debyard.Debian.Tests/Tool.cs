using System.Diagnostics;

namespace Debyard.Debian.Tests;

/// <summary>Debian's own programs, which decide what is right.</summary>
static class Tool
{
    public static string Run(string program, params IEnumerable<string> arguments) => RunWithInput(program, "", arguments);

    public static string RunWithInput(string program, string input, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["LC_ALL"] = "C.UTF-8" },
            }
        )!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        Assert.True(
            process.ExitCode == 0,
            $"{program} {string.Join(' ', arguments)}: exit {process.ExitCode}\n{errors.Result}{output.Result}"
        );
        return output.Result;
    }
}
