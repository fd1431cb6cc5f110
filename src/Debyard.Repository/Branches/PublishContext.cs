using Debyard.Repository.Journal;
using Debyard.Repository.Publishing;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Branches;

/// <summary>The storage that a publish writes to, shared by all branches of a root.</summary>
/// <param name="Flush">Makes everything written so far survive a power failure.</param>
sealed record PublishContext(
    RepositoryLayout Layout,
    BlobStore Blobs,
    SuitePublisher Suites,
    JournalStore Journal,
    TimeProvider Time,
    Action Flush
)
{
    public DateTimeOffset Now => Time.GetUtcNow();
}
