using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Debyard.Nuke.Tests;

/// <summary>
/// NUKE writes <c>.nuke/build.schema.json</c> at every start where it finds a project file beside or above the build's assembly. That
/// takes longer than the rest of the start, so this repository's build has none there, and its schema is compared here instead.
/// </summary>
public sealed class BuildSchemaTests : IDisposable
{
    const string Schema = ".nuke/build.schema.json";

    readonly TemporaryFolder folder = new();

    public BuildSchemaTests() => Directory.CreateDirectory(folder[".nuke"]);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_schema_in_the_repository_is_the_builds()
    {
        var repository = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(ThisFile())))!;
        Copy("_build");
        File.Copy(Path.Combine(repository, "build", "_build.csproj"), folder["program/_build.csproj"]);
        Start("_build", "--help");

        var written = File.ReadAllText(folder[Schema]);
        var committed = Path.Combine(repository, Schema);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(committed, written);
        }
        Assert.True(
            written == File.ReadAllText(committed),
            $"{Schema} is not the build's any more. Run this test with UPDATE_GOLDEN=1 and commit the file."
        );
    }

    [Theory]
    [InlineData("program/SampleBuild.csproj", true)]
    [InlineData("SampleBuild.csproj", true)]
    [InlineData("beside/SampleBuild.csproj", false)]
    public void A_schema_is_written_where_a_project_file_is_beside_or_above_the_assembly(string project, bool isWritten)
    {
        Copy("SampleBuild");
        File.Delete(folder["program/SampleBuild.csproj"]);
        folder.Write(project, "<Project />");
        Start("SampleBuild", "Restore");

        Assert.Equal(isWritten, File.Exists(folder[Schema]));
        Assert.Equal(isWritten, File.Exists(folder[".nuke/parameters.json"]));
    }

    void Copy(string name)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var built = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", name, configuration));
        Directory.CreateDirectory(folder["program"]);
        foreach (var file in Directory.GetFiles(built))
        {
            File.Copy(file, Path.Combine(folder["program"], Path.GetFileName(file)));
        }
    }

    void Start(string name, string argument)
    {
        var start = new ProcessStartInfo(folder[$"program/{name}"], [argument, "--no-logo"])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
        };
        foreach (var variable in BuildProcess.Ambient)
        {
            start.Environment.Remove(variable);
        }
        start.Environment["NUKE_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
    }

    static string ThisFile([CallerFilePath] string file = "") => file;
}
