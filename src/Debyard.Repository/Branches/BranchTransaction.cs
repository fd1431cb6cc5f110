using System.Collections.Immutable;
using Debyard.Debian.Names;
using Debyard.Repository.Configuration;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Journal;
using Debyard.Repository.Publishing;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Branches;

/// <summary>The changes of one publish, in memory. Nothing reaches the disk before a <see cref="BranchPublish"/>.</summary>
sealed class BranchTransaction(
    BranchName name,
    BranchState before,
    PublishContext context,
    BranchRules rules,
    Func<BranchName, WriterIdentity, Task<Ancestor?>> findParent
) : IDisposable
{
    readonly List<PlacedPackage> listed = [],
        unlisted = [],
        kept = [];
    readonly List<IncomingFile> received = [];
    readonly List<JournalEntry> journalEntries = [];
    ContentsDraft draft = new(before.Contents);
    (BranchName? Parent, WriterIdentity Writer)? inherited;

    public BranchName Name => name;

    public BranchState Before => before;

    /// <summary>The listing after this transaction. It is copied after each change; use <see cref="Find"/> to look up one file.</summary>
    public BranchContents Contents => draft.Merge();

    public ImmutableDictionary<(SuiteComponent SuiteComponent, DebFileName Name), Package> Pending { get; private set; } = before.Pending;

    public BranchRecord Record { get; private set; } = before.Record;

    /// <summary>The source of reusable indexes: the branch before the transaction, or the parent of a new branch.</summary>
    public Ancestor? Ancestor { get; private set; } = before.Exists ? new(name, context.Layout.Branch(name), before.Contents) : null;

    /// <summary>True if the branch exists, or will exist after this transaction.</summary>
    public bool WillExist { get; private set; } = before.Exists;

    public BlobPins Pins { get; } = new(context.Blobs.Collector);

    public IReadOnlyList<IncomingFile> Received => received;
    public IReadOnlyList<PlacedPackage> Listed => listed;
    public IReadOnlyList<PlacedPackage> Unlisted => unlisted;
    public IReadOnlyList<PlacedPackage> Kept => kept;
    public IReadOnlyList<JournalEntry> JournalEntries => journalEntries;

    public ListedPackage? Find(SuiteComponent suiteComponent, DebFileName file) => draft.Find(suiteComponent, file);

    /// <summary>True if the branch refuses this content under this name; see <see cref="ConflictRule"/>.</summary>
    public bool Refuses(SuiteComponent suiteComponent, DebFileName file, Sha256? sha256) =>
        ConflictRule.Refuses(Find(suiteComponent, file), Record, suiteComponent, file, sha256, rules.AllowsReplacing(name, Record.Ref));

    /// <summary>
    /// Checks that the writer may make the change. For a branch that does not exist yet, also loads the inherited packages.
    /// </summary>
    /// <param name="packages">The packages that the change adds, replaces or removes.</param>
    /// <param name="parent">The branch whose packages a new branch starts with; null: the default branch.</param>
    /// <exception cref="BranchNameException">The folder cannot be that of the writer's ref.</exception>
    /// <exception cref="BranchTakenException">The folder belongs to another ref.</exception>
    /// <exception cref="WriteRefusedException">The writer has no permission.</exception>
    /// <exception cref="BranchMissingException">There is no such parent.</exception>
    public async Task AuthorizeAsync(WriterIdentity writer, IReadOnlyCollection<PackageName> packages, Parentage? parent = null)
    {
        writer.Claim(Record.Identify(name, rules, WillExist), packages);
        if (!WillExist)
            await InheritAsync(writer, parent ?? new Parentage(rules.DefaultBranch));
    }

    /// <summary>Creates the branch unless it exists, and makes the writer's project an owner.</summary>
    public void EnsureExists(WriterIdentity writer)
    {
        if (!WillExist)
            AddJournalEntry(writer, JournalAct.Created, [], Ancestor?.Name);
        WillExist = true;
        Record = Record.WithWriter(writer);
    }

    /// <summary>Takes ownership of a received file, which the publish stores.</summary>
    public void Receive(IncomingFile file)
    {
        Pins.Add([file.Package.Digests.Sha256]);
        received.Add(file);
    }

    /// <summary>Keeps a package until a later batch lists it.</summary>
    public void Keep(SuiteComponent suiteComponent, Package package)
    {
        kept.Add(new(suiteComponent, package));
        Pending = Pending.SetItem((suiteComponent, package.FileName), package);
    }

    public void ListPending()
    {
        foreach (var ((suiteComponent, _), package) in Pending)
            List(suiteComponent, package);
    }

    /// <summary>Lists a package as the branch's own, replacing one of the same name unless the branch refuses that.</summary>
    public void List(SuiteComponent suiteComponent, Package package)
    {
        Pending = Pending.Remove((suiteComponent, package.FileName));
        if (Refuses(suiteComponent, package.FileName, package.Digests.Sha256))
            return;
        if (Find(suiteComponent, package.FileName) is { } here)
        {
            if (here.Package.Digests == package.Digests)
                return;
            unlisted.Add(new(suiteComponent, here.Package));
        }
        Record = Record.WithOwn(suiteComponent, package);
        AddListing(suiteComponent, package, Ownership.Own);
    }

    /// <summary>Lists packages inherited from the parent.</summary>
    public void Inherit(IReadOnlyList<PlacedPackage> packages)
    {
        Record = Record.WithInherited(packages);
        foreach (var (suiteComponent, package) in packages)
            AddListing(suiteComponent, package, Ownership.Inherited);
    }

    public void Unlist(SuiteComponent suiteComponent, ListedPackage package)
    {
        if (package.Ownership == Ownership.Own && rules.IsProtected(name, Record.Ref))
            Record = Record.WithWithdrawn(suiteComponent, package.Package);
        draft.Unlist(suiteComponent, package.Package.FileName);
        unlisted.Add(new(suiteComponent, package.Package));
    }

    /// <summary>Adds an entry that the publish writes to the journal once it is complete.</summary>
    public void AddJournalEntry(WriterIdentity writer, JournalAct act, IEnumerable<PlacedPackage> packages, BranchName? from = null) =>
        journalEntries.Add(
            new JournalEntry(
                default,
                writer.Name,
                writer.Project?.Path,
                act,
                name.Value,
                from?.Value,
                [.. packages.Select(placed => $"{placed.SuiteComponent}/{placed.Package.FileName}")]
            )
            {
                Ref = Record.Ref ?? writer.Ref,
                Address = writer.Address,
            }
        );

    public void Dispose() => Pins.Dispose();

    void AddListing(SuiteComponent suiteComponent, Package package, Ownership ownership)
    {
        Pins.Add([package.Digests.Sha256]);
        draft.List(suiteComponent, new ListedPackage(package, ownership));
        listed.Add(new(suiteComponent, package));
    }

    async Task InheritAsync(WriterIdentity writer, Parentage parent)
    {
        if (inherited == (parent.Name, writer) && Ancestor is not null)
            return;
        inherited = (parent.Name, writer);
        Ancestor = null;
        (draft, Record) = (new ContentsDraft(BranchContents.Empty), BranchRecord.Empty);
        if (parent.Name is not { } parentName || parentName == name)
            return;
        if (await findParent(parentName, writer) is not { } found)
        {
            if (parentName == rules.DefaultBranch)
                return;
            throw new BranchMissingException($"There is no branch {parentName} to start from.");
        }
        Ancestor = found;
        var contents = found.Contents.Inherited;
        draft = new ContentsDraft(contents);
        Pins.Add(contents.Digests.Select(listing => listing.Sha256));
        Record = BranchRecord.Empty with { Inherited = contents.Digests, Parent = found.Name };
    }
}
