using Debyard.Debian.Names;
using Debyard.Repository.Publishing;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Branches;

/// <summary>Makes one change of a branch durable and visible at once. Failed, or with nothing to do, it leaves the branch as it was.</summary>
sealed class BranchPublish(RepositoryRoot repository, BranchTransaction change) : IDisposable
{
    readonly BranchState before = change.Before;
    readonly BranchFolder folder = change.Before.Exists ? repository.Layout.Branch(change.Name) : repository.Layout.Birth(change.Name);
    readonly List<Package> newBlobs = [];
    readonly List<string> links = [];
    readonly List<PreparedSuite> suites = [];
    bool isSwitching,
        isComplete;

    /// <summary>Publishes what changed, if anything did, and answers what the branch is from now on.</summary>
    public async Task<BranchState> CompleteAsync()
    {
        if (!change.WillExist)
            return before;
        if (change.Received.Count > 0)
            repository.Flush();
        foreach (var file in change.Received)
            if (repository.Blobs.Keep(file, repository.Options.Time.GetUtcNow()))
                newBlobs.Add(file.Package);
        await LinkAsync(before.Exists ? change.Listed : All());
        foreach (var (place, package) in change.Kept)
            Link(package, folder.PendingFile(place, package));
        foreach (
            var suite in before.Exists
                ? change.Listed.Concat(change.Unlisted).Select(it => it.Place.Suite).Distinct()
                : change.Contents.Suites
        )
            suites.Add(await repository.Suites.PrepareAsync(change.Name, folder, suite, change.Contents, change.Ancestor));
        if (!before.Exists || change.Record != before.Record)
            change.Record.Write(repository.Layout, folder);
        if (links.Count > 0 || suites.Count > 0)
            repository.Flush();
        Switch();
        isComplete = true;
        return new BranchState(true, change.Record, change.Contents, change.Pending);
    }

    /// <summary>What is left to do once clients see the new state.</summary>
    public void Settle()
    {
        if (!isComplete)
            return;
        DeletePublishedPending();
        var now = repository.Options.Time.GetUtcNow();
        repository.Journal.Append([.. change.Acts.Select(act => act with { At = now })]);
        if (suites.Count > 0 || change.Acts.Count > 0)
            repository.Flush();
    }

    /// <summary>
    /// Takes back what a publish that failed has linked. Once the switch has begun nothing is: a suite's <c>InRelease</c> may list
    /// it already, and what none lists is swept later.
    /// </summary>
    public void Dispose()
    {
        foreach (var suite in suites)
            suite.Dispose();
        if (isComplete)
            return;
        if (!before.Exists && Directory.Exists(folder.Root))
            Directory.Delete(folder.Root, recursive: true);
        // Once it switches, clients may see what is linked; what they do not, retention takes away.
        else if (!isSwitching)
            links.ForEach(File.Delete);
        newBlobs.ForEach(repository.Blobs.Discard);
    }

    IEnumerable<(SuiteComponent, Package)> All() =>
        change.Contents.SuiteComponents.SelectMany(place => change.Contents.In(place).Select(it => (place, it.Package)));

    // The system makes the links of one folder one after another, those of several beside each other.
    Task LinkAsync(IEnumerable<(SuiteComponent Place, Package Package)> packages) =>
        Task.WhenAll(
            packages
                .GroupBy(one => one.Package.Digests.Sha256[0])
                .Select(inFolder =>
                    Task.Run(() =>
                    {
                        foreach (var (place, package) in inFolder)
                            Link(package, folder.PoolFile(place, package));
                    })
                )
        );

    void Link(Package package, string path)
    {
        if (repository.Blobs.LinkTo(package, path))
            lock (links)
                links.Add(path);
    }

    void Switch()
    {
        var now = repository.Options.Time.GetUtcNow();
        // Before the switch: who is killed in between has kept them too long, not too short.
        foreach (var (place, package) in before.Exists ? change.Unlisted : [])
            Retention.Begin(folder.UnlistedFile(place, folder.PoolFile(place, package)), now);
        isSwitching = true;
        foreach (var suite in suites)
            suite.Switch(now);
        if (!before.Exists)
            Directory.Move(folder.Root, repository.Layout.Branch(change.Name).Root);
    }

    // After the switch, so that nothing kept is lost before it is listed.
    void DeletePublishedPending()
    {
        foreach (var ((place, file), package) in before.Pending)
            if (!(change.Pending.TryGetValue((place, file), out var still) && still.Digests == package.Digests))
                File.Delete(folder.PendingFile(place, package));
    }
}
