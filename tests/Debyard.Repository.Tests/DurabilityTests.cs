using Debyard.Debian.Names;
using Debyard.Repository.Branches;
using Debyard.Repository.Identity;
using Debyard.Repository.Operations;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Tests;

public sealed class DurabilityTests
{
    [Fact]
    public async Task A_missing_or_damaged_sidecar_is_made_again_from_the_bytes()
    {
        using var folder = PreparedSigningKey.NewRoot();
        var package = await SamplePackage.MakeAsync();
        var sidecar = folder[$".debyard/blobs/{package.Digests.Sha256.ToString()[..2]}/{package.Digests.Sha256.ToString()}.stanza"];
        await UseAsync(folder, "zero", async (repository, branch) => await AddAsync(repository, branch, package));
        var original = File.ReadAllText(sidecar);

        foreach (
            var (name, damage) in new (string, Action)[]
            {
                ("one", () => File.Delete(sidecar)),
                ("two", () => File.WriteAllText(sidecar, "")),
                ("three", () => File.WriteAllText(sidecar, original[..^20])),
            }
        )
        {
            damage();
            await UseAsync(
                folder,
                name,
                async (repository, branch) =>
                    Assert.Equal(
                        OfferOutcome.Linked,
                        await repository.Uploads.ProbeAsync(
                            branch,
                            WriterIdentity.Unknown,
                            new Offer(SuiteComponent.Default, DebFileName.Parse(package.FileName), AnnouncedDigests.Of(package.Digests))
                        )
                    )
            );
            Assert.Equal(original, File.ReadAllText(sidecar));
        }
    }

    [Fact]
    public async Task What_a_killed_server_left_half_done_is_gone_after_the_next_start()
    {
        using var folder = PreparedSigningKey.NewRoot();
        await UseAsync(folder, "main", (_, branch) => branch.CreateAsync(WriterIdentity.Unknown));
        folder.Write(".debyard/temporary/upload", "half");
        folder.Write(".debyard/births/feature-x/pool/stable/main/0/x.deb", "half");

        await UseAsync(
            folder,
            "feature-x",
            (_, branch) =>
            {
                Assert.False(branch.Exists);
                return Task.CompletedTask;
            }
        );

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder[".debyard/temporary"]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder[".debyard/births"]));
    }

    [Theory]
    [InlineData("repository.asc")]
    [InlineData("repository.asc", "repository.fingerprint")]
    public async Task A_start_that_was_killed_while_it_made_the_key_can_be_repeated(params string[] notYetWritten)
    {
        using var folder = new TemporaryFolder();
        await UseAsync(folder, "main", (_, branch) => branch.CreateAsync(WriterIdentity.Unknown));
        var key = File.ReadAllText(folder[".debyard/keys/repository.asc"]);
        foreach (var name in notYetWritten)
            File.Delete(folder[$".debyard/keys/{name}"]);

        await UseAsync(
            folder,
            "main",
            (repository, branch) =>
            {
                Assert.Equal(key, repository.Key.ArmouredPublicKey);
                return branch.CreateAsync(WriterIdentity.Unknown);
            }
        );
    }

    [Fact]
    public async Task Without_its_record_a_branch_replaces_nothing()
    {
        using var folder = PreparedSigningKey.NewRoot();
        var (inherited, other) = (await SamplePackage.MakeAsync(), await SamplePackage.MakeAsync(content: "other"));
        await UseAsync(folder, "main", async (repository, branch) => await AddAsync(repository, branch, inherited));
        await UseAsync(folder, "feature-x", (_, branch) => branch.CreateAsync(new() { Ref = "feature/x" }));
        File.Delete(folder["feature-x/.branch"]);

        await UseAsync(
            folder,
            "feature-x",
            async (repository, branch) => Assert.Equal(OfferOutcome.Conflict, await AddAsync(repository, branch, other))
        );
    }

    [Fact]
    public async Task A_branch_born_with_its_parents_packages_has_its_parents_very_indexes()
    {
        using var folder = PreparedSigningKey.NewRoot();
        var package = await SamplePackage.MakeAsync();
        await UseAsync(folder, "main", async (repository, branch) => await AddAsync(repository, branch, package));

        await UseAsync(folder, "feature-x", (_, branch) => branch.CreateAsync(new() { Ref = "feature/x" }));

        const string index = "dists/stable/main/binary-amd64/Packages.xz";
        Assert.Equal(File.ReadAllBytes(folder[$"main/{index}"]), File.ReadAllBytes(folder[$"feature-x/{index}"]));
        Assert.Equal(File.GetLastWriteTimeUtc(folder[$"main/{index}"]), File.GetLastWriteTimeUtc(folder[$"feature-x/{index}"]));
    }

    [Fact]
    [Trait("Needs", "Time")]
    public async Task Where_the_file_system_allows_no_more_links_a_second_copy_begins()
    {
        using var folder = PreparedSigningKey.NewRoot();
        var package = await SamplePackage.MakeAsync();
        await UseAsync(folder, "zero", async (repository, branch) => await AddAsync(repository, branch, package));
        var blob = folder[$".debyard/blobs/{package.Digests.Sha256.ToString()[..2]}/{package.Digests.Sha256.ToString()}"];
        var links = Directory.CreateDirectory(folder["links"]).FullName;
        // ext4 allows 65,000, others more: there nothing is to be shown.
        for (var i = 0; i < 65_000 && Link(blob, $"{links}/{i}") == 0; i++)
            continue;

        foreach (var name in new[] { "one", "two" })
            await UseAsync(
                folder,
                name,
                async (repository, branch) =>
                    Assert.Equal(
                        OfferOutcome.Linked,
                        await repository.Uploads.ProbeAsync(
                            branch,
                            WriterIdentity.Unknown,
                            new Offer(SuiteComponent.Default, DebFileName.Parse(package.FileName), AnnouncedDigests.Of(package.Digests))
                        )
                    )
            );

        Assert.Equal(package.Bytes, File.ReadAllBytes(folder[$"two/{package.PoolPath}"]));
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "link", CharSet = System.Runtime.InteropServices.CharSet.Ansi)]
    static extern int Link(string existing, string path);

    static async Task UseAsync(TemporaryFolder folder, string branch, Func<RepositoryRoot, Branch, Task> use)
    {
        await using var repository = RepositoryRoot.Open(new() { Root = folder.Path });
        await use(repository, await repository.Branches.GetAsync(BranchName.Parse(branch)));
    }

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
