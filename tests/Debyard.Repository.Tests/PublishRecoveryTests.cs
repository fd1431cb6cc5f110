using Debyard.Debian.Names;
using Debyard.Repository.Identity;
using Debyard.Repository.Operations;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Tests;

/// <summary>What a server killed in the middle of its renames leaves, made by hand.</summary>
public sealed class PublishRecoveryTests
{
    const string Dists = "main/dists/stable";

    [Theory]
    [InlineData("main/binary-amd64/Packages.gz")]
    [InlineData("main/binary-amd64/Packages.gz", "main/binary-amd64/Packages.xz", "Release")]
    [InlineData("main/binary-amd64/Packages.gz", "main/binary-amd64/Packages.xz", "Release", "Release.gpg")]
    public async Task Names_that_are_ahead_of_InRelease_are_set_back_to_it_by_the_next_start(params string[] switched)
    {
        using var folder = PreparedSigningKey.NewRoot();
        await AddAsync(folder, "one");
        var before = switched.ToDictionary(name => name, name => File.ReadAllBytes(folder[$"{Dists}/{name}"]));
        var inRelease = File.ReadAllBytes(folder[$"{Dists}/InRelease"]);
        await AddAsync(folder, "two");
        // Back to before the switch, but for what was switched.
        foreach (
            var name in new[] { "Release", "Release.gpg", "main/binary-amd64/Packages.gz", "main/binary-amd64/Packages.xz" }.Except(
                switched
            )
        )
            File.Delete(folder[$"{Dists}/{name}"]);
        File.WriteAllBytes(folder[$"{Dists}/InRelease"], inRelease);

        await using var repository = RepositoryRoot.Open(new() { Root = folder.Path });
        var branch = await repository.Branches.GetAsync(BranchName.Parse("main"));

        Assert.Equal(1, branch.Contents.Count);
        Assert.Empty((await repository.VerifyAsync(default)).Damaged);
        // A signature differs from one time to the next.
        foreach (var (name, content) in before.Where(file => file.Key != "Release.gpg"))
            Assert.Equal(content, File.ReadAllBytes(folder[$"{Dists}/{name}"]));
    }

    static async Task AddAsync(TemporaryFolder folder, string name)
    {
        await using var repository = RepositoryRoot.Open(new() { Root = folder.Path });
        var package = await SamplePackage.MakeAsync(name);
        var file = DebFileName.Parse(package.FileName);
        using var received = await repository.Uploads.ReceiveAsync(new MemoryStream(package.Bytes), file, AnnouncedDigests.None, default);
        await repository.Uploads.AddAsync(
            await repository.Branches.GetAsync(BranchName.Parse("main")),
            WriterIdentity.Unknown,
            new Offer(SuiteComponent.Default, file, AnnouncedDigests.None, received)
        );
    }
}
