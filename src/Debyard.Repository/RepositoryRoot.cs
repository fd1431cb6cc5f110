using Debyard.Repository.Branches;
using Debyard.Repository.BuildCache;
using Debyard.Repository.Configuration;
using Debyard.Repository.Identity;
using Debyard.Repository.Journal;
using Debyard.Repository.Operations;
using Debyard.Repository.Publishing;
using Debyard.Repository.Rpm;
using Debyard.Repository.Signing;
using Debyard.Repository.Storage;
using Debyard.Repository.Validation;
using Debyard.Repository.Verification;

namespace Debyard.Repository;

/// <summary>All branch repositories below one folder. Only one process at a time uses a root.</summary>
public sealed class RepositoryRoot : IAsyncDisposable
{
    readonly RootLock rootLock;
    readonly RepositoryLayout layout;
    readonly BlobStore blobs;
    readonly CancellationTokenSource closing = new();
    readonly Task identifying;
    readonly Lazy<SigningKey> rpmKey;

    RepositoryRoot(RepositoryOptions options, RepositoryLayout layout, RootLock rootLock, SigningKey key)
    {
        (this.rootLock, this.layout, Key) = (rootLock, layout, key);
        blobs = new BlobStore(layout);
        Journal = JournalStore.Open(layout);
        var context = new PublishContext(
            layout,
            blobs,
            new SuitePublisher(layout, options, key),
            Journal,
            options.Time,
            () => Posix.SyncFileSystem(rootLock.Handle)
        );
        Branches = new BranchDirectory(new BranchLoader(layout, key, blobs), context, new BranchRules(options), options);
        Uploads = new Uploads(Branches, blobs, new BlobReceiver(layout));
        UploadRecords = new UploadRecords(context);
        rpmKey = new(() => SigningKey.OpenForRpm(layout));
        RpmUploads = new RpmUploads(Branches, context, rpmKey, options.Retention);
        Retirement = new Retirement(Branches, context, options.Grace);
        BuildCache = new BuildCacheStore(Branches, layout);
        Verdicts = new VerdictStore(Branches, layout, context.Flush);
        Plans = new PlanStore(Branches, layout, context.Flush);
        identifying = Task.Run(() => Branches.IdentifyAll(closing.Token));
    }

    public RepositoryLayout Layout => layout;

    public SigningKey Key { get; }

    /// <summary>The key for rpms and their metadata, created when it is first needed.</summary>
    public SigningKey RpmKey => rpmKey.Value;

    public BranchDirectory Branches { get; }

    public Uploads Uploads { get; }

    public UploadRecords UploadRecords { get; }

    public RpmUploads RpmUploads { get; }

    public Retirement Retirement { get; }

    public BuildCacheStore BuildCache { get; }

    public VerdictStore Verdicts { get; }

    public PlanStore Plans { get; }

    /// <summary>The log of all changes to branches.</summary>
    public JournalStore Journal { get; }

    /// <summary>Locks the root for this process, creates its signing key if necessary, and deletes what a killed process left.</summary>
    /// <exception cref="RepositoryUnavailableException">
    /// The root is not writable or in use by another server, or gpg is missing.
    /// </exception>
    /// <exception cref="BranchNameException">The default branch's ref does not give a valid folder name.</exception>
    public static RepositoryRoot Open(RepositoryOptions options)
    {
        var layout = new RepositoryLayout(options.Root);
        try
        {
            Directory.CreateDirectory(layout.Private);
            var rootLock = RootLock.Take(layout);
            try
            {
                Clear(layout.Temporary);
                Clear(layout.Births);
                return new RepositoryRoot(options, layout, rootLock, SigningKey.Open(layout));
            }
            catch
            {
                rootLock.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new RepositoryUnavailableException(
                $"The repository folder {layout.Root} cannot be written: {exception.Message}",
                exception
            );
        }
    }

    /// <summary>
    /// Deletes retired branches whose grace period is over, files that clients no longer need, and blobs that no branch links.
    /// Safe at any time; call it regularly.
    /// </summary>
    /// <returns>The bytes of packages freed.</returns>
    public async Task<long> CollectGarbageAsync()
    {
        await Branches.DeleteExpiredAsync();
        await RpmUploads.DeleteExpiredAsync();
        await Retirement.DeleteExpiredAsync();
        return await Task.Run(blobs.Collector.CollectGarbage);
    }

    /// <summary>Checks that a publish could succeed: writes a file and signs it.</summary>
    /// <returns>Why a publish would fail now, in one sentence without paths; null if it would succeed.</returns>
    public async Task<string?> FindDefectAsync()
    {
        var path = layout.NewTemporary();
        try
        {
            await File.WriteAllBytesAsync(path, await Key.DetachSignAsync("ready\n"u8.ToArray()));
            File.Delete(path);
            return null;
        }
        catch (RepositoryUnavailableException)
        {
            return "The repository's key cannot sign.";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception is IOException full && DiskFault.IsFull(full)
                ? "The repository's disk is full."
                : "The repository's folder cannot be written.";
        }
    }

    /// <summary>Reads and checks every byte; see <see cref="VerificationReport"/>.</summary>
    public Task<VerificationReport> VerifyAsync(CancellationToken cancellation) =>
        new RepositoryVerification(layout, Key, blobs, Branches).RunAsync(cancellation);

    /// <summary>Publishes what is queued, then releases the root.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await identifying;
        closing.Dispose();
        await Branches.CloseAsync();
        Key.Dispose();
        if (rpmKey.IsValueCreated)
            rpmKey.Value.Dispose();
        rootLock.Dispose();
    }

    static void Clear(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
    }
}
