using Debyard.Debian.Indexes;
using Debyard.Debian.Names;
using Debyard.Repository.Branches;
using Debyard.Repository.Identity;
using Debyard.Repository.Operations;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Tests;

/// <summary>
/// Uploads, new branches, retirements, restores, promotions and garbage collection at the same time, in an order that differs from
/// run to run. What was answered holds in each.
/// </summary>
[Trait("Needs", "Time")]
public sealed class BranchRaceTests
{
    const int Writers = 8,
        Packages = 12;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_while_branches_are_born_retired_restored_and_swept()
    {
        using var folder = PreparedSigningKey.NewRoot();
        var made = await Task.WhenAll(
            Enumerable.Range(0, Writers * Packages).Select(number => SamplePackage.MakeAsync($"package{number:000}"))
        );
        await using (var repository = RepositoryRoot.Open(new() { Root = folder.Path }))
        {
            var (steady, restless, promoted) = (
                await BranchAsync(repository, "main"),
                await BranchAsync(repository, "feature-x"),
                await BranchAsync(repository, "release")
            );
            using var done = new CancellationTokenSource();
            var disturbance = DisturbAsync(repository, restless, done.Token);
            await Task.WhenAll(
                Enumerable
                    .Range(0, Writers)
                    .Select(writer =>
                        WriteAsync(repository, steady, restless, promoted, made[(writer * Packages)..((writer + 1) * Packages)])
                    )
            );
            await done.CancelAsync();
            Assert.True(await disturbance > 0);
            AssertLists(steady, made);
            AssertLists(promoted, made);
        }

        // And so say the files.
        await using var again = RepositoryRoot.Open(new() { Root = folder.Path });
        foreach (var name in new[] { "main", "release" })
        {
            var branch = await BranchAsync(again, name);
            AssertLists(branch, made);
            foreach (var package in made)
                Assert.Equal(
                    package.Bytes,
                    await File.ReadAllBytesAsync(
                        branch.Folder.PoolFile(
                            SuiteComponent.Default,
                            branch.Contents.Find(SuiteComponent.Default, DebFileName.Parse(package.FileName))!.Package
                        )
                    )
                );
        }
        Assert.Empty(Directory.EnumerateFileSystemEntries(again.Layout.Temporary));
    }

    [Fact]
    public async Task Bytes_that_no_branch_has_are_found_again_or_are_gone_but_never_promised_and_missing()
    {
        using var folder = PreparedSigningKey.NewRoot();
        await using var repository = RepositoryRoot.Open(new() { Root = folder.Path, Grace = TimeSpan.Zero });
        var package = await SamplePackage.MakeAsync();
        for (var round = 0; round < 20; round++)
        {
            var first = await BranchAsync(repository, $"first-{round}");
            await AddAsync(repository, first, package);
            var second = await BranchAsync(repository, $"second-{round}");

            var retiring = repository.Retirement.RetireAsync(first, WriterIdentity.Unknown);
            var tidying = Task.Run(async () =>
            {
                await retiring;
                await repository.CollectGarbageAsync();
            });
            var probing = repository.Uploads.ProbeAsync(second, WriterIdentity.Unknown, Offer(package));
            await Task.WhenAll(retiring, tidying, probing);

            // Found: it is there. Not found: it can be sent.
            if (await probing == OfferOutcome.Missing)
                Assert.Equal(OfferOutcome.Created, await AddAsync(repository, second, package));
            Assert.Equal(
                package.Bytes,
                await File.ReadAllBytesAsync(
                    second.Folder.PoolFile(
                        SuiteComponent.Default,
                        second.Contents.Find(SuiteComponent.Default, DebFileName.Parse(package.FileName))!.Package
                    )
                )
            );
            await repository.Retirement.RetireAsync(second, WriterIdentity.Unknown);
            await repository.CollectGarbageAsync();
        }
        Assert.Empty(Directory.EnumerateFiles(repository.Layout.Blobs, "*", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFiles(repository.Layout.Sha1s, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_branch_made_again_and_again_only_ever_gets_newer_to_its_clients()
    {
        using var folder = PreparedSigningKey.NewRoot();
        var clock = new Clock();
        await using var repository = RepositoryRoot.Open(new() { Root = folder.Path, Time = clock });
        var branch = await BranchAsync(repository, "feature-x");
        var random = new Random(20260301);
        var packages = await Task.WhenAll(Enumerable.Range(0, 5).Select(number => SamplePackage.MakeAsync($"package{number}")));
        (DateTimeOffset Date, DateTime Modified, string Text)? last = null;
        var latest = clock.GetUtcNow();
        for (var step = 0; step < 60; step++)
        {
            // Back by less than apt tolerates: a date further ahead is not carried over.
            var isFarBehind = clock.GetUtcNow() < latest - TimeSpan.FromSeconds(6);
            clock.Advance(TimeSpan.FromSeconds(random.Next(isFarBehind ? 1 : -3, 4)));
            latest = clock.GetUtcNow() > latest ? clock.GetUtcNow() : latest;
            switch (random.Next(4))
            {
                case 0 when branch.Exists:
                    await repository.Retirement.RetireAsync(branch, WriterIdentity.Unknown);
                    continue;
                case 1 when !branch.Exists && repository.Retirement.All() is { Count: > 0 } retired:
                    await repository.Retirement.RestoreAsync(branch, WriterIdentity.Unknown, retired[random.Next(retired.Count)].Id);
                    break;
                case 2 when branch.Exists:
                    await Uploads.DeleteAsync(
                        branch,
                        WriterIdentity.Unknown,
                        SuiteComponent.Default,
                        DebFileName.Parse(packages[random.Next(5)].FileName)
                    );
                    break;
                default:
                    await AddAsync(repository, branch, packages[random.Next(5)]);
                    break;
            }
            var path = branch.Folder.InRelease(Suite.Default);
            var now = (
                Date: ReleaseFile.Parse(await File.ReadAllTextAsync(branch.Folder.InDists(Suite.Default, "Release"))).Date,
                Modified: File.GetLastWriteTimeUtc(path),
                Text: await File.ReadAllTextAsync(path)
            );
            if (last is { } before)
                Assert.True(
                    now == before || now.Date >= before.Date && now.Modified > before.Modified,
                    $"step {step}: {before.Date} {before.Modified} then {now.Date} {now.Modified}"
                );
            last = now;
        }
    }

    static async Task WriteAsync(RepositoryRoot repository, Branch steady, Branch restless, Branch promoted, SamplePackage[] packages)
    {
        foreach (var package in packages)
        {
            Assert.Equal(OfferOutcome.Created, await AddAsync(repository, steady, package));
            // It may be retired right after, or just now be made: either way it takes what it is given.
            Assert.NotEqual(OfferOutcome.Missing, await repository.Uploads.ProbeAsync(restless, WriterIdentity.Unknown, Offer(package)));
            var listed = steady.Contents.Find(SuiteComponent.Default, DebFileName.Parse(package.FileName))!;
            Assert.NotEqual(
                OfferOutcome.Conflict,
                Assert.Single(
                    await Promotion.RunAsync(promoted, WriterIdentity.Unknown, steady.Name, [new(SuiteComponent.Default, listed.Package)])
                )
            );
        }
    }

    static async Task<int> DisturbAsync(RepositoryRoot repository, Branch restless, CancellationToken cancellation)
    {
        var retirements = 0;
        for (; !cancellation.IsCancellationRequested; await repository.CollectGarbageAsync())
            try
            {
                await repository.Retirement.RetireAsync(restless, WriterIdentity.Unknown);
                retirements++;
                await repository.Retirement.RestoreAsync(restless, WriterIdentity.Unknown);
            }
            catch (Exception refusal) when (refusal is BranchMissingException or BranchTakenException)
            {
                // A writer has made it again before it was restored, or none has yet.
            }
        return retirements;
    }

    static void AssertLists(Branch branch, SamplePackage[] packages) =>
        Assert.Equal(
            packages.Select(package => package.FileName).Order(StringComparer.Ordinal),
            branch.Contents.In(SuiteComponent.Default).Select(listed => listed.Package.FileName.ToString()).Order(StringComparer.Ordinal)
        );

    static Task<Branch> BranchAsync(RepositoryRoot repository, string name) => repository.Branches.GetAsync(BranchName.Parse(name));

    static Offer Offer(SamplePackage package) =>
        new(SuiteComponent.Default, DebFileName.Parse(package.FileName), AnnouncedDigests.Of(package.Digests));

    static async Task<OfferOutcome> AddAsync(RepositoryRoot repository, Branch branch, SamplePackage package)
    {
        var name = DebFileName.Parse(package.FileName);
        using var received = await repository.Uploads.ReceiveAsync(new MemoryStream(package.Bytes), name, AnnouncedDigests.None, default);
        return await repository.Uploads.AddAsync(
            branch,
            WriterIdentity.Unknown,
            new Offer(SuiteComponent.Default, name, AnnouncedDigests.None, received)
        );
    }
}
