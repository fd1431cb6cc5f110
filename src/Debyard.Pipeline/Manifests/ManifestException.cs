namespace Debyard.Pipeline.Manifests;

/// <summary>An error in a manifest; line and column count from 1.</summary>
public sealed record Mistake(long Line, long Column, string Message);

/// <summary>All errors of a manifest.</summary>
public sealed class ManifestException(string file, IReadOnlyList<Mistake> mistakes)
    : PipelineException(string.Join('\n', mistakes.Select(mistake => $"{file}:{mistake.Line}:{mistake.Column}: {mistake.Message}")))
{
    public IReadOnlyList<Mistake> Mistakes => mistakes;
}
