using System.Text.RegularExpressions;

namespace Debyard.Pipeline.Dockerfiles;

/// <summary>What must be known of a Dockerfile without running it.</summary>
public sealed partial class Dockerfile
{
    readonly string[] lines;
    readonly string name;

    Dockerfile(string[] lines, string name)
    {
        (this.lines, this.name) = (lines, name);
        DeclaredArguments = lines
            .SelectMany(line => Argument.Match(line).Groups[1].Captures)
            .Select(name => name.Value)
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The names after <c>ARG</c>. Others are not passed: the engine would only warn of them.</summary>
    public IReadOnlySet<string> DeclaredArguments { get; }

    /// <summary>As people call it: <c>dockerfiles/lua/Dockerfile</c>.</summary>
    public string Name => name;

    public IReadOnlyList<DockerfileInstruction> Instructions => field ??= [.. DockerfileInstruction.Parse(lines)];

    /// <summary>The text line by line, without line ends.</summary>
    public IEnumerable<string> Lines => lines.Select(line => line.TrimEnd('\r'));

    [GeneratedRegex(@"^\s*ARG(?:\s+([A-Za-z_][A-Za-z0-9_]*)(?:=(?:""[^""]*""|'[^']*'|\S*))?)+", RegexOptions.IgnoreCase)]
    private static partial Regex Argument { get; }

    public static Dockerfile Read(string path, string name)
    {
        if (!File.Exists(path))
        {
            throw new PipelineException($"There is no {name}.");
        }
        return new Dockerfile(File.ReadAllLines(path), name);
    }
}
