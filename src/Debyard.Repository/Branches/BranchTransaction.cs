using System.Collections.Immutable;
using Debyard.Debian.Names;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Journal;
using Debyard.Repository.Publishing;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Branches;

/// <summary>What the requests of one publish make of a branch, in memory: on disk is nothing of it before a <see cref="BranchPublish"/>.</summary>
sealed class BranchTransaction(RepositoryRoot repository, BranchName name, BranchState before) : IDisposable
{
    readonly List<(SuiteComponent Place, Package Package)> listed = [],
        unlisted = [],
        kept = [];
    readonly List<IncomingFile> received = [];
    readonly List<JournalEntry> acts = [];
    ContentsDraft draft = new(before.Contents);
    BranchName? inheritedParent;

    public BranchName Name => name;

    public BranchState Before => before;

    /// <summary>All that will be listed. Costs a copy after each change; to find one file, ask <see cref="Find"/>.</summary>
    public BranchContents Contents => draft.Merge();

    public ImmutableDictionary<(SuiteComponent Place, DebFileName Name), Package> Pending { get; private set; } = before.Pending;

    public BranchRecord Record { get; private set; } = before.Record;

    /// <summary>Where indexes can be taken from: the branch as it was, or the parent it is born from.</summary>
    public Ancestor? Ancestor { get; private set; } = before.Exists ? new(name, repository.Layout.Branch(name), before.Contents) : null;

    /// <summary>True where the branch is there, or is to be.</summary>
    public bool WillExist { get; private set; } = before.Exists;

    public BlobPins Pins { get; } = new(repository.Blobs);

    public IReadOnlyList<IncomingFile> Received => received;
    public IReadOnlyList<(SuiteComponent Place, Package Package)> Listed => listed;
    public IReadOnlyList<(SuiteComponent Place, Package Package)> Unlisted => unlisted;
    public IReadOnlyList<(SuiteComponent Place, Package Package)> Kept => kept;
    public IReadOnlyList<JournalEntry> Acts => acts;

    public bool MayReplace => repository.Rules.AllowsReplacing(name, Record.Ref);

    public ListedPackage? Find(SuiteComponent place, DebFileName file) => draft.Find(place, file);

    /// <summary>Sees the branch as the writer would find it: unborn, it lists what it would inherit.</summary>
    /// <param name="parent">Whose packages a new branch starts with; null: the default branch's.</param>
    /// <exception cref="BranchTakenException">The folder is another ref's.</exception>
    /// <exception cref="BranchMissingException">There is no such parent.</exception>
    public async Task AuthorizeAsync(WriterIdentity writer, Parentage? parent = null)
    {
        if (writer.Ref is { } asked && Record.Ref is { } known && asked != known)
            throw new BranchTakenException(
                $"The folder {name} is the ref {known}'s, not {asked}'s; ask POST /api/branches for a folder of its own."
            );
        if (!WillExist)
            await InheritAsync(parent ?? new Parentage(repository.DefaultBranch));
    }

    /// <summary>The branch is there from now on, and the writer's project an owner of it.</summary>
    public void EnsureExists(WriterIdentity writer)
    {
        if (!WillExist)
            AddJournalEntry(writer, JournalAct.Created, [], Ancestor?.Name);
        WillExist = true;
        Record = Record.WithWriter(writer);
    }

    /// <summary>Takes an upload's bytes, for as long as this change lasts.</summary>
    public void Receive(IncomingFile file)
    {
        Pins.Add([file.Package.Digests.Sha256]);
        received.Add(file);
    }

    public void Keep(SuiteComponent place, Package package)
    {
        kept.Add((place, package));
        Pending = Pending.SetItem((place, package.FileName), package);
    }

    public void ListPending()
    {
        foreach (var ((place, _), package) in Pending)
            List(place, package);
    }

    /// <summary>Lists a package as the branch's own, in the place of one of that name that gives way; one that does not stays.</summary>
    public void List(SuiteComponent place, Package package)
    {
        Pending = Pending.Remove((place, package.FileName));
        if (Record.HadOtherContent(place, package.FileName, package.Digests.Sha256))
            return;
        if (Find(place, package.FileName) is { } here)
        {
            if (here.Package.Digests == package.Digests || here.Ownership == Ownership.Own && !MayReplace)
                return;
            unlisted.Add((place, here.Package));
        }
        Record = Record.WithOwn(place, package);
        AddListing(place, package, Ownership.Own);
    }

    /// <summary>Lists packages of the parent's.</summary>
    public void Inherit(IReadOnlyList<(SuiteComponent Place, Package Package)> packages)
    {
        Record = Record.WithInherited(packages);
        foreach (var (place, package) in packages)
            AddListing(place, package, Ownership.Inherited);
    }

    public void Unlist(SuiteComponent place, ListedPackage package)
    {
        if (package.Ownership == Ownership.Own && repository.Rules.IsProtected(name, Record.Ref))
            Record = Record.WithWithdrawn(place, package.Package);
        draft.Unlist(place, package.Package.FileName);
        unlisted.Add((place, package.Package));
    }

    /// <summary>Writes into the journal what was done, once it is.</summary>
    public void AddJournalEntry(
        WriterIdentity writer,
        JournalAct act,
        IEnumerable<(SuiteComponent Place, Package Package)> packages,
        BranchName? from = null
    ) =>
        acts.Add(
            new JournalEntry(
                default,
                writer.Name,
                writer.Project?.Path,
                act,
                name.Value,
                from?.Value,
                [.. packages.Select(one => $"{one.Place}/{one.Package.FileName}")]
            )
        );

    public void Dispose() => Pins.Dispose();

    void AddListing(SuiteComponent place, Package package, Ownership ownership)
    {
        Pins.Add([package.Digests.Sha256]);
        draft.List(place, new ListedPackage(package, ownership));
        listed.Add((place, package));
    }

    async Task InheritAsync(Parentage parent)
    {
        if (inheritedParent == parent.Name && Ancestor is not null)
            return;
        inheritedParent = parent.Name;
        Ancestor = null;
        (draft, Record) = (new ContentsDraft(BranchContents.Empty), BranchRecord.Empty);
        if (parent.Name is not { } parentName || parentName == name)
            return;
        if (await repository.BranchAsync(parentName) is not { Exists: true } branch)
        {
            if (parentName == repository.DefaultBranch)
                return;
            throw new BranchMissingException($"There is no branch {parentName} to start from.");
        }
        Ancestor = new Ancestor(branch.Name, branch.Folder, branch.Contents);
        var inherited = Ancestor.Contents.Inherited;
        draft = new ContentsDraft(inherited);
        Pins.Add(inherited.Digests.Select(one => one.Sha256));
        Record = BranchRecord.Empty with { Inherited = inherited.Digests, Parent = branch.Name };
    }
}

/// <summary>Whose packages a new branch starts with: a branch's, or nobody's.</summary>
public readonly record struct Parentage(BranchName? Name)
{
    public static Parentage None => default;
}
