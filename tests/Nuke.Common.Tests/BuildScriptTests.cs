using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Debyard.Nuke.Tests;

/// <summary><c>build.sh</c> in a folder with spaces in its name, with a fake dotnet that records its arguments.</summary>
public sealed class BuildScriptTests : IDisposable
{
    const string DotNet = """
        #!/bin/sh
        case "$1" in
          --version) echo 10.0.100 ;;
          build)
            echo compiled >> "$NOTES"
            [ -z "$BROKEN" ] || { echo "Build.cs(1,1): error CS0001: broken"; exit 1; }
            echo "  Nuke.Common and GitLabApiClient: stand-ins from src/standins"
            mkdir -p output/dotnet/bin/_build/debug
            : > output/dotnet/bin/_build/debug/_build.dll ;;
          *) shift; printf '<%s>' "$@"; echo; exit "${EXIT:-0}" ;;
        esac
        """;

    readonly TemporaryFolder folder = new();
    readonly Dictionary<string, string> variables = [];

    public BuildScriptTests()
    {
        File.Copy(Path.Combine(RepositoryRoot(), "build.sh"), folder.Write("the root/build.sh", ""), overwrite: true);
        folder.Write("the root/global.json", """{ "sdk": { "version": "10.0.100" } }""");
        folder.Write("the root/build/Build.cs", "");
        folder.Write("the root/src/Old.cs", "");
        File.SetUnixFileMode(folder.Write("bin/dotnet", DotNet), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void It_compiles_once_and_then_starts_what_is_compiled()
    {
        Assert.Contains("stand-ins from src/standins", Run().Errors, StringComparison.Ordinal);
        Assert.Equal("", Run().Errors);
        Assert.Equal(1, Compiled);
    }

    [Fact]
    public void Arguments_and_exit_code_pass_untouched()
    {
        variables["EXIT"] = "7";
        var outcome = Run("Pack", "a b", "*", "", "--x", "$HOME \"quoted\"");
        Assert.Equal("<Pack><a b><*><><--x><$HOME \"quoted\">\n", outcome.Output);
        Assert.Equal(7, outcome.ExitCode);
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("changed, with an old date")]
    [InlineData("added")]
    [InlineData("deleted")]
    [InlineData("added to the root")]
    [InlineData("another choice of packages")]
    public void Whatever_changes_the_program_compiles_it_again(string change)
    {
        Run();
        switch (change)
        {
            case "changed":
                folder.Write("the root/src/Old.cs", "// new");
                break;
            case "changed, with an old date":
                File.SetLastWriteTimeUtc(folder.Write("the root/src/Old.cs", "// new"), DateTime.UnixEpoch);
                break;
            case "added":
                folder.Write("the root/src/deep/New.cs", "");
                break;
            case "deleted":
                File.Delete(folder["the root/src/Old.cs"]);
                break;
            case "added to the root":
                folder.Write("the root/Directory.Build.props", "<Project />");
                break;
            case "another choice of packages":
                variables["UseStandIns"] = "true";
                break;
        }
        Run();
        Run();
        Assert.Equal(2, Compiled);
    }

    [Fact]
    public void What_is_no_part_of_the_program_does_not_compile_it_again()
    {
        Run();
        folder.Write("the root/README.md", "");
        folder.Write("the root/.nuke/temp/build.log", "");
        Run();
        Assert.Equal(1, Compiled);
    }

    [Fact]
    public void A_failed_compile_shows_its_errors_and_is_tried_again()
    {
        Run();
        folder.Write("the root/src/Old.cs", "// broken");
        variables["BROKEN"] = "1";
        var broken = Run();
        Assert.Equal(
            (1, "", "compiling the build: up to a minute the first time\nBuild.cs(1,1): error CS0001: broken\n"),
            (broken.ExitCode, broken.Output, broken.Errors)
        );
        variables.Remove("BROKEN");
        Assert.Equal(0, Run().ExitCode);
        Assert.Equal(3, Compiled);
    }

    [Fact]
    public async Task Two_at_once_compile_once()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Run("Pack"))));
        Assert.All(outcomes, outcome => Assert.Equal("<Pack>\n", outcome.Output));
        Assert.Equal(1, Compiled);
    }

    int Compiled => File.ReadAllLines(folder["notes"]).Length;

    Outcome Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(folder["the root/build.sh"], arguments)
        {
            WorkingDirectory = folder["the root"],
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("UseStandIns");
        start.Environment["PATH"] = $"{folder["bin"]}:{start.Environment["PATH"]}";
        start.Environment["NOTES"] = folder["notes"];
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Outcome(process.ExitCode, output, errors.Result);
    }

    static string RepositoryRoot([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
