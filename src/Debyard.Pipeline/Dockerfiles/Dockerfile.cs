using System.Text.RegularExpressions;

namespace Debyard.Pipeline.Dockerfiles;

/// <summary>A Dockerfile as text and as instructions.</summary>
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

    /// <summary>The names after <c>ARG</c>. Other build arguments are not passed, because the builder would warn about them.</summary>
    public IReadOnlySet<string> DeclaredArguments { get; }

    /// <summary>The path for messages: <c>dockerfiles/lua/Dockerfile</c>.</summary>
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
