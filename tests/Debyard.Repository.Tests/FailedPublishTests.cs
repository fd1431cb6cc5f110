using Debyard.Debian.Names;
using Debyard.Repository.Identity;
using Debyard.Repository.Operations;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Tests;

/// <summary>A publish of two suites whose second one cannot be switched, after the first one was.</summary>
public sealed class FailedPublishTests
{
    static readonly SuiteComponent stable = SuiteComponent.Default,
        unstable = new(Suite.Parse("unstable"), Component.Default);

    [Fact]
    public async Task What_a_failed_switch_has_shown_stays_there_and_the_rest_can_be_sent_again()
    {
        using var folder = PreparedSigningKey.NewRoot();
        await using var repository = RepositoryRoot.Open(new() { Root = folder.Path });
        var branch = await repository.Branches.GetAsync(BranchName.Parse("main"));
        await branch.CreateAsync(WriterIdentity.Unknown);
        var (first, second) = (await SamplePackage.MakeAsync("first"), await SamplePackage.MakeAsync("second"));
        // No file can be renamed over it.
        var obstacle = Directory.CreateDirectory(folder["main/dists/unstable/InRelease"]);

        await Assert.ThrowsAnyAsync<Exception>(() => AddAsync());

        Assert.Equal(first.FileName, Assert.Single(branch.Contents.In(stable)).Package.FileName.ToString());
        Assert.Empty(branch.Contents.In(unstable));
        Assert.Equal(["main/dists/unstable/InRelease"], (await repository.VerifyAsync(default)).Damaged.Select(damage => damage.Path));
        Assert.Equal(first.Bytes, await File.ReadAllBytesAsync(PoolFile(stable, first)));

        obstacle.Delete();
        Assert.Equal([OfferOutcome.Present, OfferOutcome.Created], await AddAsync());
        Assert.Equal(second.Bytes, await File.ReadAllBytesAsync(PoolFile(unstable, second)));
        Assert.Empty((await repository.VerifyAsync(default)).Damaged);
        Assert.Empty(Directory.EnumerateFileSystemEntries(repository.Layout.Temporary));

        async Task<IReadOnlyList<OfferOutcome>> AddAsync()
        {
            using var one = await ReceiveAsync(repository, first);
            using var other = await ReceiveAsync(repository, second);
            return await repository.Uploads.AddAllAsync(
                branch,
                WriterIdentity.Unknown,
                [Offer(stable, first, one), Offer(unstable, second, other)]
            );
        }

        string PoolFile(SuiteComponent suiteComponent, SamplePackage package) =>
            branch.Folder.PoolFile(suiteComponent, branch.Contents.Find(suiteComponent, DebFileName.Parse(package.FileName))!.Package);
    }

    static Offer Offer(SuiteComponent suiteComponent, SamplePackage package, IncomingFile received) =>
        new(suiteComponent, DebFileName.Parse(package.FileName), AnnouncedDigests.None, received);

    static Task<IncomingFile> ReceiveAsync(RepositoryRoot repository, SamplePackage package) =>
        repository.Uploads.ReceiveAsync(
            new MemoryStream(package.Bytes),
            DebFileName.Parse(package.FileName),
            AnnouncedDigests.None,
            default
        );
}
