using Debyard.Pipeline.Repository;
using Debyard.Pipeline.Validation.Reports;
using Debyard.Protocol;

namespace Debyard.Pipeline.Validation;

/// <summary>Whether packages may be published: their verdict, or why there is none.</summary>
/// <param name="Valid">Null: there is no verdict, or it no longer holds.</param>
/// <param name="Changed">What has changed since a verdict was given.</param>
public sealed record VerdictState(VerdictAnswer? Valid, IReadOnlyList<string> Changed);

/// <summary>Verdicts of the workspace and of the server, which tells whether one still holds.</summary>
public sealed class Verdicts(WorkspaceVerdicts workspace, TimeProvider time)
{
    public async Task<VerdictState> FindAsync(RepositoryClient repository, Candidate candidate, CancellationToken cancellation)
    {
        var fingerprint = candidate.Fingerprint;
        var known = await repository.FindVerdictAsync(fingerprint.Value, cancellation);
        if (known is null && workspace.Find(fingerprint) is { } kept)
        {
            known = await repository.RecordVerdictAsync(kept, cancellation);
        }
        if (known is null || !IsAbout(known.Verdict, candidate))
        {
            return new VerdictState(null, []);
        }
        if (known.Changed.Count > 0)
        {
            return new VerdictState(null, known.Changed);
        }
        workspace.Keep(known.Verdict);
        return new VerdictState(known, []);
    }

    /// <summary>Records that a candidate has passed, here and on the server.</summary>
    public async Task KeepAsync(RepositoryClient repository, Candidate candidate, ValidationResult result, CancellationToken cancellation)
    {
        var verdict = new Verdict(
            candidate.Fingerprint.Value,
            candidate.Base.Architecture.ToString(),
            [.. candidate.Packages.Select(file => new VerdictFile(file.FileName, file.Digests.Sha256.ToString(), Branch: false))],
            result.Installed,
            $"{candidate.Base.Name} {candidate.Base.Fingerprint.Value}",
            result.Start,
            [
                .. from suite in result.Suites
                from check in suite.Cases
                where check.Outcome == CaseOutcome.Passed
                select $"{suite.Name}: {check.Title}",
            ],
            time.GetUtcNow()
        );
        workspace.Keep(verdict);
        await repository.RecordVerdictAsync(verdict, cancellation);
    }

    // Fingerprints come from the client, so a server's record is compared with the bytes at hand.
    static bool IsAbout(Verdict verdict, Candidate candidate) =>
        (verdict.Packages ?? [])
            .Select(file => file?.Sha256)
            .Order(StringComparer.Ordinal)
            .SequenceEqual(candidate.Packages.Select(file => file.Digests.Sha256.ToString()).Order(StringComparer.Ordinal));
}
