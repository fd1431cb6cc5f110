namespace Debyard.Pipeline.Manifests;

/// <summary>One thing wrong in a manifest, and where; line and column count from 1.</summary>
public sealed record Mistake(long Line, long Column, string Message);

/// <summary>A manifest that cannot be used, with everything that is wrong in it.</summary>
public sealed class ManifestException(string file, IReadOnlyList<Mistake> mistakes)
    : PipelineException(string.Join('\n', mistakes.Select(mistake => $"{file}:{mistake.Line}:{mistake.Column}: {mistake.Message}")))
{
    public IReadOnlyList<Mistake> Mistakes => mistakes;
}
