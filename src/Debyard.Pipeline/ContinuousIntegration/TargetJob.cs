namespace Debyard.Pipeline.ContinuousIntegration;

/// <summary>A target of the build that has a job of its own.</summary>
/// <param name="Targets">What the job runs: the target, after those of its dependencies that have no job.</param>
/// <param name="Needs">The targets of other jobs that it depends on.</param>
/// <param name="Artifacts">Files and folders that it produces, relative to the root.</param>
/// <param name="Partitions">Into how many jobs its work is divided; null: it is not.</param>
public sealed record TargetJob(
    string Target,
    IReadOnlyList<string> Targets,
    IReadOnlyList<string> Needs,
    IReadOnlyList<string> Artifacts,
    int? Partitions
);
