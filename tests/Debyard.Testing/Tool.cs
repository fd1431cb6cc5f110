using CliWrap;
using CliWrap.Buffered;

namespace Debyard.Testing;

/// <summary>Runs programs of this machine: Debian's, whose behaviour is the reference, git, docker, gcc.</summary>
public static class Tool
{
    /// <summary>Returns the output; fails the test if the program fails.</summary>
    public static async Task<string> RunAsync(string program, params IEnumerable<string> arguments) =>
        Succeeded(program, arguments, await StartAsync(program, "", arguments));

    /// <summary>Returns the exit code, and the output followed by the errors.</summary>
    public static async Task<(int ExitCode, string Output)> TryAsync(string program, params IEnumerable<string> arguments)
    {
        var result = await StartAsync(program, "", arguments);
        return (result.ExitCode, result.StandardOutput + result.StandardError);
    }

    /// <summary><see cref="RunAsync"/> for property tests and other code that cannot wait.</summary>
    public static string Run(string program, params IEnumerable<string> arguments) => RunWithInput(program, "", arguments);

    public static string RunWithInput(string program, string input, params IEnumerable<string> arguments) =>
        Succeeded(program, arguments, StartAsync(program, input, arguments).GetAwaiter().GetResult());

    /// <summary>Fails the test if the program succeeds.</summary>
    public static void Fails(string program, params IEnumerable<string> arguments)
    {
        var result = StartAsync(program, "", arguments).GetAwaiter().GetResult();
        Assert.True(result.ExitCode != 0, $"{program} {string.Join(' ', arguments)} succeeded:\n{result.StandardOutput}");
    }

    static string Succeeded(string program, IEnumerable<string> arguments, BufferedCommandResult result)
    {
        Assert.True(
            result.ExitCode == 0,
            $"{program} {string.Join(' ', arguments)}: exit {result.ExitCode}\n{result.StandardError}{result.StandardOutput}"
        );
        return result.StandardOutput;
    }

    static async Task<BufferedCommandResult> StartAsync(string program, string input, IEnumerable<string> arguments) =>
        await Cli.Wrap(program)
            .WithArguments(arguments)
            .WithStandardInputPipe(PipeSource.FromString(input))
            .WithEnvironmentVariables(variables => variables.Set("LC_ALL", "C.UTF-8"))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
}
