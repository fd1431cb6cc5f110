using Debyard.Debian.Compression;
using Debyard.Debian.Names;
using Debyard.Repository.Branches;
using Debyard.Repository.Identity;
using Debyard.Repository.Operations;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Tests;

[Trait("Needs", "Time")]
public sealed class IncrementalIndexTests
{
    static readonly string[] indexes = ["Packages.gz", "Packages.xz"];

    [Fact]
    public async Task The_same_packages_give_the_same_bytes_whichever_way_they_came()
    {
        using var folder = PreparedSigningKey.NewRoot();
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

    [Theory]
    [InlineData(20260301)]
    [InlineData(20260302)]
    public async Task An_index_changed_again_and_again_is_the_one_a_branch_born_with_the_same_packages_has(int seed)
    {
        using var folder = PreparedSigningKey.NewRoot();
        await using var repository = RepositoryRoot.Open(new() { Root = folder.Path });
        var main = await repository.Branches.GetAsync(repository.Branches.Default);
        var random = new Random(seed);
        var packages = await Task.WhenAll(
            Enumerable
                .Range(0, 700)
                .Select(number => SamplePackage.MakeAsync($"p{number:x3}", architecture: new[] { "amd64", "arm64", "all" }[random.Next(3)]))
        );
        await AddAsync(repository, main, [.. packages.Where(_ => random.Next(2) == 0)]);

        for (var step = 0; step < 30; step++)
        {
            var changed = random.GetItems(packages, random.Next(1, 4));
            foreach (var package in changed[1..])
                await Uploads.DeleteAsync(main, WriterIdentity.Unknown, SuiteComponent.Default, DebFileName.Parse(package.FileName));
            await AddAsync(repository, main, changed[..1]);

            var born = await repository.Branches.GetAsync(BranchName.Parse($"step-{step}"));
            await born.CreateAsync(WriterIdentity.Unknown);
            foreach (var path in indexes.SelectMany(index => new[] { $"main/binary-amd64/{index}", $"main/binary-arm64/{index}" }))
                Assert.Equal(
                    File.ReadAllBytes(born.Folder.InDists(Suite.Default, path)),
                    File.ReadAllBytes(main.Folder.InDists(Suite.Default, path))
                );
        }
        Assert.True(XzBlock.Split(File.ReadAllBytes(main.Folder.InDists(Suite.Default, "main/binary-arm64/Packages.xz"))).Count > 2);
    }

    static async Task AddAsync(string root, SamplePackage[] packages)
    {
        await using var repository = RepositoryRoot.Open(new() { Root = root });
        await AddAsync(repository, await repository.Branches.GetAsync(repository.Branches.Default), packages);
    }

    static async Task AddAsync(RepositoryRoot repository, Branch branch, SamplePackage[] packages)
    {
        foreach (var package in packages)
        {
            var name = DebFileName.Parse(package.FileName);
            using var received = await repository.Uploads.ReceiveAsync(
                new MemoryStream(package.Bytes),
                name,
                AnnouncedDigests.None,
                default
            );
            await repository.Uploads.KeepAsync(
                branch,
                WriterIdentity.Unknown,
                new Offer(SuiteComponent.Default, name, AnnouncedDigests.None, received)
            );
        }
        await repository.Uploads.AddAllAsync(branch, WriterIdentity.Unknown, []);
    }
}
