using Debyard.Debian.Digests;
using Debyard.Debian.Names;
using Debyard.Repository.Branches;
using Debyard.Repository.Identity;
using Debyard.Repository.Journal;
using Debyard.Repository.Operations;
using Debyard.Repository.Signing;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Rpm;

/// <summary>An rpm that a client asks to list, by the SHA-256 of the file that it would upload.</summary>
public sealed record RpmOffer(RpmFileName Name, Sha256 Sha256);

/// <summary>
/// Adds rpms to branches and removes them. The server signs each rpm and the metadata with the repository's key, which never leaves it.
/// A branch does not inherit rpms.
/// </summary>
public sealed class RpmUploads
{
    readonly BranchDirectory branches;
    readonly PublishContext context;
    readonly RpmPublisher publisher;
    readonly TimeSpan retention;

    internal RpmUploads(BranchDirectory branches, PublishContext context, Lazy<SigningKey> key, TimeSpan retention) =>
        (this.branches, this.context, this.retention, publisher) = (branches, context, retention, new RpmPublisher(context, key));

    /// <summary>
    /// Publishes all offered files in one generation if the branch has received each of them; otherwise changes nothing. The branch is
    /// created if it does not exist.
    /// </summary>
    /// <returns>For each file, in order: Present, Missing or Conflict.</returns>
    /// <exception cref="BranchTakenException">The folder belongs to another ref.</exception>
    public async Task<IReadOnlyList<OfferOutcome>> OfferAsync(Branch branch, WriterIdentity writer, IReadOnlyList<RpmOffer> offers)
    {
        if (offers.GroupBy(offer => offer.Name).FirstOrDefault(group => group.Count() > 1) is { } repeated)
            throw new InvalidUploadException($"The request names {repeated.Key} more than once.");
        await branch.CreateAsync(writer);
        return await branch.RelocateAsync(async state =>
        {
            var (folder, listings) = Open(branch, state);
            var outcomes = offers.Select(offer => OutcomeOf(branch, folder, listings, offer)).ToList();
            if (outcomes.All(outcome => outcome == OfferOutcome.Present))
            {
                var added = offers
                    .Where(offer => Find(listings, offer.Name) is not { Signed: not null } listed || listed.Uploaded != offer.Sha256)
                    .Select(offer => folder.FindPending(offer.Sha256)!)
                    .ToList();
                if (added.Count > 0)
                    await PublishAsync(branch, folder, [.. Without(listings, added), .. added], writer, JournalAct.Published, added);
                foreach (var listing in added)
                    File.Delete(folder.Pending(listing.Uploaded));
            }
            return (state, (IReadOnlyList<OfferOutcome>)outcomes);
        });
    }

    /// <summary>Receives, checks and signs a file. An offer publishes it later.</summary>
    /// <exception cref="InvalidUploadException">It is no rpm, damaged, or not what was announced; nothing is left behind.</exception>
    /// <exception cref="BranchTakenException">The folder belongs to another ref.</exception>
    public async Task<OfferOutcome> ReceiveAsync(
        Branch branch,
        WriterIdentity writer,
        RpmFileName name,
        AnnouncedDigests announced,
        Stream body,
        CancellationToken cancellation
    )
    {
        var received = context.Layout.NewTemporary();
        try
        {
            var (digests, file) = await ReceiveAsync(received, name, announced, body, cancellation);
            await branch.CreateAsync(writer);
            return await branch.RelocateAsync(async state =>
            {
                var (folder, listings) = Open(branch, state);
                var outcome = OutcomeOf(branch, folder, listings, new RpmOffer(name, digests.Sha256));
                if (outcome != OfferOutcome.Missing)
                    return (state, outcome);
                var listing = await publisher.SignAsync(folder, name, digests.Sha256, file, received);
                var pending = folder.Pending(listing.Uploaded);
                Directory.CreateDirectory(Path.GetDirectoryName(pending)!);
                context.Flush();
                context.Layout.Replace(pending, listing.ToString());
                File.SetLastWriteTimeUtc(pending, context.Now.UtcDateTime);
                context.Flush();
                return (state, OfferOutcome.Created);
            });
        }
        finally
        {
            File.Delete(received);
        }
    }

    /// <summary>Removes the rpm from the next generation. Its file can be downloaded until the retention ends.</summary>
    /// <returns>False if it was not listed; nothing has changed.</returns>
    /// <exception cref="BranchTakenException">The folder belongs to another ref.</exception>
    public async Task<bool> DeleteAsync(Branch branch, WriterIdentity writer, RpmFileName name)
    {
        if (!branch.Exists)
            return false;
        await branch.CreateAsync(writer);
        return await branch.RelocateAsync(async state =>
        {
            var (folder, listings) = Open(branch, state);
            if (Find(listings, name) is not { Signed: not null } listed)
                return (state, false);
            IEnumerable<RpmListing> remembered = branch.IsProtected ? [listed with { Signed = null }] : [];
            await PublishAsync(branch, folder, [.. Without(listings, [listed]), .. remembered], writer, JournalAct.Deleted, [listed]);
            return (state, true);
        });
    }

    /// <summary>Deletes what clients no longer need, in all branches.</summary>
    internal async Task DeleteExpiredAsync()
    {
        foreach (var name in branches.Names())
            if (Directory.Exists(new RpmFolder(context.Layout.Branch(name)).Root))
                await (await branches.GetAsync(name)).RelocateAsync(state =>
                {
                    new RpmFolder(context.Layout.Branch(name)).Sweep(context.Now - retention);
                    return Task.FromResult((state, true));
                });
    }

    static async Task<(FileDigests, RpmFile)> ReceiveAsync(
        string path,
        RpmFileName name,
        AnnouncedDigests announced,
        Stream body,
        CancellationToken cancellation
    )
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite);
        FileDigests digests;
        await using (var digesting = new DigestingStream(file))
        {
            await body.CopyToAsync(digesting, DigestingStream.BlockSize, cancellation);
            digests = await digesting.CompleteAsync(cancellation);
        }
        if (announced.Contradiction(digests) is { } contradiction)
            throw new InvalidUploadException(
                $"{name}: the received file differs from the announced one: {contradiction}. Send the file again."
            );
        file.Position = 0;
        var rpm = await RpmFile.VerifyAsync(file, cancellation);
        if (rpm.FileName != name.ToString())
            throw new InvalidUploadException($"The file is named {name}, but its header says {rpm.FileName}: rename the file.");
        // Fails now rather than in every later publish.
        _ = RpmMetadata.Write([new DescribedRpm(rpm, "", "", 0, default)]);
        return (digests, rpm);
    }

    async Task PublishAsync(
        Branch branch,
        RpmFolder folder,
        IEnumerable<RpmListing> listings,
        WriterIdentity writer,
        JournalAct act,
        IReadOnlyList<RpmListing> changed
    )
    {
        await publisher.PublishAsync(folder, [.. listings.OrderBy(listing => listing.Name.ToString(), StringComparer.Ordinal)]);
        var files = changed.Select(listing => $"{RpmFolder.Name}/{listing.Name}").ToList();
        context.Journal.Append([
            new JournalEntry(context.Now, writer.Name, writer.Project?.Path, act, branch.Name.Value, null, files)
            {
                Ref = branch.Identity.Ref,
                Address = writer.Address,
            },
        ]);
        context.Flush();
    }

    static OfferOutcome OutcomeOf(Branch branch, RpmFolder folder, IReadOnlyList<RpmListing> listings, RpmOffer offer)
    {
        var listed = Find(listings, offer.Name);
        return listed is { Signed: not null } && listed.Uploaded == offer.Sha256 ? OfferOutcome.Present
            : listed is not null && listed.Uploaded != offer.Sha256 && !branch.AllowsReplacing ? OfferOutcome.Conflict
            : folder.FindPending(offer.Sha256)?.Name == offer.Name ? OfferOutcome.Present
            : OfferOutcome.Missing;
    }

    static (RpmFolder, IReadOnlyList<RpmListing>) Open(Branch branch, BranchState state) =>
        state.Exists && new RpmFolder(branch.Folder) is var folder
            ? (folder, folder.Listings())
            : throw BranchMissingException.For(branch.Name.Value);

    static RpmListing? Find(IReadOnlyList<RpmListing> listings, RpmFileName name) =>
        listings.FirstOrDefault(listing => listing.Name == name);

    static IEnumerable<RpmListing> Without(IReadOnlyList<RpmListing> listings, IReadOnlyList<RpmListing> removed) =>
        listings.Where(listing => Find(removed, listing.Name) is null);
}
