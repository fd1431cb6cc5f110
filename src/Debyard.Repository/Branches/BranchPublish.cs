using Debyard.Repository.Contents;
using Debyard.Repository.Publishing;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Branches;

/// <summary>
/// Writes one transaction to disk and makes it visible atomically. On failure, or without changes, the branch stays as it was.
/// </summary>
sealed class BranchPublish(PublishContext context, BranchTransaction transaction) : IDisposable
{
    readonly BranchState before = transaction.Before;
    readonly BranchFolder folder = transaction.Before.Exists
        ? context.Layout.Branch(transaction.Name)
        : context.Layout.Birth(transaction.Name);
    readonly List<Package> newBlobs = [];
    readonly List<string> links = [];
    readonly List<PreparedSuite> suites = [];
    bool isSwitching,
        isComplete;

    /// <summary>Publishes the changes, if there are any, and returns the branch's new state.</summary>
    public async Task<BranchState> CompleteAsync()
    {
        if (!transaction.WillExist)
            return before;
        if (transaction.Received.Count > 0)
            context.Flush();
        foreach (var file in transaction.Received)
            if (context.Blobs.Store(file, context.Now))
                newBlobs.Add(file.Package);
        await LinkAsync(before.Exists ? transaction.Listed : transaction.Contents.All());
        foreach (var (suiteComponent, package) in transaction.Kept)
            Link(package, folder.PendingFile(suiteComponent, package));
        foreach (
            var suite in before.Exists
                ? transaction.Listed.Concat(transaction.Unlisted).Select(placed => placed.SuiteComponent.Suite).Distinct()
                : transaction.Contents.Suites
        )
            suites.Add(await context.Suites.PrepareAsync(transaction.Name, folder, suite, transaction.Contents, transaction.Ancestor));
        if (!before.Exists || transaction.Record != before.Record)
            transaction.Record.Write(context.Layout, folder);
        if (links.Count > 0 || suites.Count > 0)
            context.Flush();
        Switch();
        isComplete = true;
        return new BranchState(true, transaction.Record, transaction.Contents, transaction.Pending);
    }

    /// <summary>Finishes once clients see the new state: deletes the published pending files and writes the journal.</summary>
    public void Settle()
    {
        if (!isComplete)
            return;
        DeletePublishedPending();
        var now = context.Now;
        context.Journal.Append([.. transaction.JournalEntries.Select(entry => entry with { At = now })]);
        if (suites.Count > 0 || transaction.JournalEntries.Count > 0)
            context.Flush();
    }

    /// <summary>
    /// Removes the hard links of a failed publish. Once the switch has begun they stay, because an <c>InRelease</c> may list them already;
    /// retention deletes unlisted ones.
    /// </summary>
    public void Dispose()
    {
        foreach (var suite in suites)
            suite.Dispose();
        if (isComplete)
            return;
        if (!before.Exists && Directory.Exists(folder.Root))
            Directory.Delete(folder.Root, recursive: true);
        else if (!isSwitching)
            links.ForEach(File.Delete);
        newBlobs.ForEach(context.Blobs.Collector.Discard);
    }

    // The kernel serialises links into one folder; links into different folders run in parallel.
    Task LinkAsync(IEnumerable<PlacedPackage> packages) =>
        Task.WhenAll(
            packages
                .GroupBy(placed => placed.Package.Digests.Sha256.ToString()[0])
                .Select(inFolder =>
                    Task.Run(() =>
                    {
                        foreach (var (suiteComponent, package) in inFolder)
                            Link(package, folder.PoolFile(suiteComponent, package));
                    })
                )
        );

    void Link(Package package, string path)
    {
        if (context.Blobs.LinkTo(package, path))
            lock (links)
                links.Add(path);
    }

    void Switch()
    {
        var now = context.Now;
        // Before the switch: if the process is killed in between, files are kept for too long rather than deleted too early.
        foreach (var (suiteComponent, package) in before.Exists ? transaction.Unlisted : [])
            Retention.Begin(folder.UnlistedFile(suiteComponent, folder.PoolFile(suiteComponent, package)), now);
        isSwitching = true;
        foreach (var suite in suites)
            suite.Switch(now);
        if (!before.Exists)
            Directory.Move(folder.Root, context.Layout.Branch(transaction.Name).Root);
    }

    // After the switch, so that no pending file is lost before it is listed.
    void DeletePublishedPending()
    {
        foreach (var ((suiteComponent, file), package) in before.Pending)
            if (!(transaction.Pending.TryGetValue((suiteComponent, file), out var still) && still.Digests == package.Digests))
                File.Delete(folder.PendingFile(suiteComponent, package));
    }
}
