using System.Diagnostics;

namespace Debyard.Debian.Tests;

/// <summary>Runs Debian's own programs, whose behaviour is the reference.</summary>
static class Tool
{
    public static string Run(string program, params IEnumerable<string> arguments) => RunWithInput(program, "", arguments);

    public static string RunWithInput(string program, string input, params IEnumerable<string> arguments)
    {
        var (exitCode, output, errors) = Start(program, input, arguments);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)}: exit {exitCode}\n{errors}{output}");
        return output;
    }

    /// <summary>Runs a program that must fail.</summary>
    public static void Fails(string program, params IEnumerable<string> arguments)
    {
        var (exitCode, output, _) = Start(program, "", arguments);
        Assert.True(exitCode != 0, $"{program} {string.Join(' ', arguments)} succeeded:\n{output}");
    }

    static (int ExitCode, string Output, string Errors) Start(string program, string input, IEnumerable<string> arguments)
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
        return (process.ExitCode, output.Result, errors.Result);
    }
}
