using Debyard.Debian;
using Debyard.Tests;

namespace Debyard.Repository.Tests;

public sealed class IncrementalIndexTests
{
    static readonly string[] indexes = ["Packages.gz", "Packages.xz"];

    [Fact]
    public async Task The_same_packages_give_the_same_bytes_whichever_way_they_came()
    {
        using var folder = new TemporaryFolder();
        var packages = await Task.WhenAll(Enumerable.Range(0, 400).Select(number => SamplePackage.MakeAsync($"package-{number}")));

        await AddAsync(folder["at-once"], packages);
        await AddAsync(folder["in-turns"], [.. packages.Reverse().Take(250)]);
        await AddAsync(folder["in-turns"], packages[..149]);
        await AddAsync(folder["in-turns"], packages[149..]);

        foreach (var index in indexes)
        {
            var path = $"main/dists/stable/main/binary-amd64/{index}";
            Assert.Equal(File.ReadAllBytes(folder[$"at-once/{path}"]), File.ReadAllBytes(folder[$"in-turns/{path}"]));
        }
        Assert.True(XzBlock.Split(File.ReadAllBytes(folder["at-once/main/dists/stable/main/binary-amd64/Packages.xz"])).Count > 1);
    }

    static async Task AddAsync(string root, SamplePackage[] packages)
    {
        await using var repository = RepositoryRoot.Open(new() { Root = root });
        var branch = await repository.BranchAsync(repository.DefaultBranch);
        foreach (var package in packages)
        {
            var name = DebFileName.Parse(package.FileName);
            using var received = await repository.ReceiveAsync(new MemoryStream(package.Bytes), name, ClaimedDigests.None, default);
            await branch.KeepAsync(Writer.Unknown, new Offer(Place.Default, name, ClaimedDigests.None, received));
        }
        await branch.AddAsync(Writer.Unknown, []);
    }
}
