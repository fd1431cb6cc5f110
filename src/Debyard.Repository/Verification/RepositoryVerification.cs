using Debyard.Repository.Branches;
using Debyard.Repository.Signing;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Verification;

/// <summary>
/// Verifies a whole root: hashes each package file, and checks each branch from its signature to its packages. Missing or damaged metadata
/// is rebuilt. The server answers other requests meanwhile.
/// </summary>
sealed class RepositoryVerification(RepositoryLayout layout, SigningKey key, BlobStore blobs, BranchDirectory branches)
{
    public async Task<VerificationReport> RunAsync(CancellationToken cancellation)
    {
        var blobVerification = new BlobVerification(layout, blobs.Metadata);
        await blobVerification.RunAsync(cancellation);
        var names = branches.Names();
        var damaged = new List<Damage>(blobVerification.Damaged);
        foreach (var name in names)
        {
            try
            {
                // Repairs what an interrupted publish left, unless that has happened already.
                _ = await branches.GetAsync(name);
            }
            catch (RepositoryUnavailableException exception)
            {
                damaged.Add(new Damage(name.Value, exception.Message));
            }
            damaged.AddRange(await new BranchVerification(layout, key, layout.Branch(name)).RunAsync(cancellation));
        }
        return new VerificationReport(
            blobVerification.Count,
            blobVerification.Bytes,
            names.Count,
            [.. blobVerification.Rebuilt.Order(StringComparer.Ordinal)],
            [.. damaged.OrderBy(damage => damage.Path, StringComparer.Ordinal)]
        );
    }
}
