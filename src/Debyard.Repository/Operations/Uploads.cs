using Debyard.Debian.Names;
using Debyard.Repository.Branches;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Journal;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Operations;

/// <summary>Adds packages to branches and removes them. The first write to a branch creates it with its inherited packages.</summary>
public sealed class Uploads
{
    readonly BranchDirectory branches;
    readonly BlobStore blobs;
    readonly BlobReceiver receiver;

    internal Uploads(BranchDirectory branches, BlobStore blobs, BlobReceiver receiver) =>
        (this.branches, this.blobs, this.receiver) = (branches, blobs, receiver);

    /// <summary>Receives and checks a package file. Dispose it after adding it to a branch, which moves it to the store.</summary>
    /// <exception cref="InvalidUploadException">Its digests, content or name are wrong; nothing is left behind.</exception>
    public Task<IncomingFile> ReceiveAsync(Stream body, DebFileName name, AnnouncedDigests announced, CancellationToken cancellation) =>
        receiver.ReceiveAsync(body, name, announced, cancellation);

    /// <summary>Lists the file if the server has its content.</summary>
    /// <exception cref="InvalidUploadException">The digests contradict each other or the name.</exception>
    /// <exception cref="BranchTakenException">The folder belongs to another ref.</exception>
    public async Task<OfferOutcome> ProbeAsync(Branch branch, WriterIdentity writer, Offer offer) =>
        (await TakeAsync(branch, writer, UploadMode.Probe, [offer]))[0];

    /// <summary>Lists a received file.</summary>
    /// <exception cref="BranchTakenException">The folder belongs to another ref.</exception>
    public async Task<OfferOutcome> AddAsync(Branch branch, WriterIdentity writer, Offer offer) =>
        (await TakeAsync(branch, writer, UploadMode.Upload, [offer]))[0];

    /// <summary>Keeps a received file, even across restarts, until a later batch lists it.</summary>
    /// <exception cref="BranchTakenException">The folder belongs to another ref.</exception>
    public async Task<OfferOutcome> KeepAsync(Branch branch, WriterIdentity writer, Offer offer) =>
        (await TakeAsync(branch, writer, UploadMode.UploadForLater, [offer]))[0];

    /// <summary>
    /// Lists all files whose content the server has. If none is missing, also lists the files kept for later, in the same publish.
    /// </summary>
    /// <returns>The outcome of each file, in order.</returns>
    /// <exception cref="InvalidUploadException">A file's digests contradict each other or its name; nothing has changed.</exception>
    /// <exception cref="BranchTakenException">The folder belongs to another ref.</exception>
    public Task<IReadOnlyList<OfferOutcome>> AddAllAsync(Branch branch, WriterIdentity writer, IReadOnlyList<Offer> offers) =>
        TakeAsync(branch, writer, UploadMode.Batch, offers);

    /// <summary>The outcome of an announced upload if it is certain before the body is read; otherwise null.</summary>
    public static OfferOutcome? TryAnswerEarly(
        Branch branch,
        SuiteComponent suiteComponent,
        DebFileName file,
        AnnouncedDigests announced
    ) =>
        announced.Sha256 is not { } sha256 || branch.Contents.Find(suiteComponent, file) is not { } listed ? null
        : listed.Package.Digests.Sha256 == sha256
            ? announced.Contradiction(listed.Package.Digests) is null ? OfferOutcome.Present
                : null
        : ConflictRule.Refuses(listed, branch.Record, suiteComponent, file, sha256, branch.AllowsReplacing) ? OfferOutcome.Conflict
        : null;

    /// <summary>Unlists the package. Its file can be downloaded until the retention ends.</summary>
    /// <returns>False if it was not listed; nothing has changed.</returns>
    /// <exception cref="BranchTakenException">The folder belongs to another ref.</exception>
    public static Task<bool> DeleteAsync(Branch branch, WriterIdentity writer, SuiteComponent suiteComponent, DebFileName file) =>
        branch.ChangeAsync(async transaction =>
        {
            await transaction.AuthorizeAsync(writer, [file.Name]);
            if (!transaction.Before.Exists)
                return false;
            if (transaction.Find(suiteComponent, file) is not { } listed)
                return false;
            transaction.Unlist(suiteComponent, listed);
            transaction.AddJournalEntry(writer, JournalAct.Deleted, [new PlacedPackage(suiteComponent, listed.Package)]);
            return true;
        });

    Task<IReadOnlyList<OfferOutcome>> TakeAsync(Branch branch, WriterIdentity writer, UploadMode mode, IReadOnlyList<Offer> offers) =>
        branch.ChangeAsync(transaction =>
            new OfferResolver(blobs, new PackageVisibility(branches, writer), transaction, writer, mode).TakeAsync(offers)
        );
}
