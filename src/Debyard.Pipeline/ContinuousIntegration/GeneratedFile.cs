namespace Debyard.Pipeline.ContinuousIntegration;

/// <summary>A file that is committed and must be what the build generates.</summary>
public static class GeneratedFile
{
    /// <summary>Writes the file if it differs: completely or not at all.</summary>
    /// <returns>Whether it differed.</returns>
    public static bool Update(string path, string content)
    {
        if (File.Exists(path) && File.ReadAllText(path) == content)
        {
            return false;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var temporary = path + ".part";
        File.WriteAllText(temporary, content);
        File.Move(temporary, path, overwrite: true);
        return true;
    }

    /// <exception cref="PipelineException">The file is missing or differs; the message has the first line that does.</exception>
    public static void RequireCurrent(string path, string content)
    {
        const string remedy = "Run `./build.sh GenerateCi` and commit the file.";
        var name = Path.GetFileName(path);
        if (!File.Exists(path))
        {
            throw new PipelineException($"There is no {name}. {remedy}");
        }
        var committed = File.ReadAllText(path);
        if (committed == content)
        {
            return;
        }
        var (actual, expected) = (committed.Split('\n'), content.Split('\n'));
        var line = 0;
        while (line < actual.Length && line < expected.Length && actual[line] == expected[line])
        {
            line++;
        }
        throw new PipelineException(
            $"{name}:{line + 1} is not what GenerateCi writes.\n  committed: {At(actual, line)}\n"
                + $"  generated: {At(expected, line)}\n{remedy}"
        );
    }

    static string At(string[] lines, int line) => line < lines.Length ? lines[line].TrimEnd('\r') : "(end of file)";
}
