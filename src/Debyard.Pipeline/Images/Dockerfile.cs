using System.Text.RegularExpressions;

namespace Debyard.Pipeline.Images;

/// <summary>What must be known of a Dockerfile without running it.</summary>
public sealed partial class Dockerfile
{
    readonly string[] lines;
    readonly string name;

    Dockerfile(string[] lines, string name)
    {
        (this.lines, this.name) = (lines, name);
        DeclaredArguments = lines.Select(line => Argument.Match(line)).Where(match => match.Success)
            .Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The names after <c>ARG</c>. Others are not passed: the engine would only warn of them.</summary>
    public IReadOnlySet<string> DeclaredArguments { get; }

    /// <summary>Line by line, so that a change is named by its line.</summary>
    public IEnumerable<Input> Inputs => lines.Select((line, index) => new Input($"{name}:{index + 1}", line.TrimEnd('\r')));

    [GeneratedRegex(@"^\s*ARG\s+([A-Za-z_][A-Za-z0-9_]*)", RegexOptions.IgnoreCase)]
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
