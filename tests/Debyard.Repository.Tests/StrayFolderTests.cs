using Debyard.Debian.Names;
using Debyard.Repository.Identity;
using Debyard.Repository.Operations;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Tests;

/// <summary>A NAS or a backup may add folders of its own to a branch.</summary>
public sealed class StrayFolderTests
{
    [Fact]
    public async Task A_folder_that_is_not_a_suite_is_ignored_and_named_by_the_verification()
    {
        using var folder = new TemporaryFolder();
        var package = await SamplePackage.MakeAsync();
        var name = DebFileName.Parse(package.FileName);
        await using (var repository = RepositoryRoot.Open(new() { Root = folder.Path }))
        {
            using var received = await repository.Uploads.ReceiveAsync(
                new MemoryStream(package.Bytes),
                name,
                AnnouncedDigests.None,
                default
            );
            var main = await repository.Branches.GetAsync(BranchName.Parse("main"));
            await repository.Uploads.AddAsync(
                main,
                WriterIdentity.Unknown,
                new Offer(SuiteComponent.Default, name, AnnouncedDigests.None, received)
            );
        }
        Directory.CreateDirectory(folder["main/dists/.snapshot"]);

        await using var again = RepositoryRoot.Open(new() { Root = folder.Path });
        var branch = await again.Branches.RequireAsync("main");

        Assert.NotNull(branch.Contents.Find(SuiteComponent.Default, name));
        Assert.Equal(["main/dists/.snapshot"], (await again.VerifyAsync(default)).Damaged.Select(damage => damage.Path));
    }
}
