using Debyard.Debian.Names;
using Debyard.Repository.Branches;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Operations;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Tests;

/// <summary>What waits for a branch together is merged into what it lists at once; it must come to the same as in turns.</summary>
[Trait("Needs", "Time")]
public sealed class ChangeTests
{
    static readonly SuiteComponent[] suiteComponents = [SuiteComponent.Default, new(Suite.Parse("testing"), Component.Parse("extra"))];

    [Theory]
    [InlineData("kept")]
    [InlineData("replaced")]
    public async Task Requests_published_together_are_answered_and_leave_what_they_would_in_turns(string prefix)
    {
        using var folder = PreparedSigningKey.NewRoot();
        await using var repository = Open(folder);
        await FillAsync(repository);
        var (turns, together) = (await BranchAsync(repository, $"{prefix}-turns"), await BranchAsync(repository, $"{prefix}-together"));
        var offers = await ReceiveAsync(repository, await OffersAsync(20260302, 150));

        var answeredInTurns = new List<string>();
        for (var number = 0; number < offers.Length; number++)
            answeredInTurns.Add(await ChangeAsync(repository, turns, offers[number], number));
        var answeredTogether = await Task.WhenAll(offers.Select((offer, number) => ChangeAsync(repository, together, offer, number)));

        Assert.Equal(answeredInTurns, answeredTogether);
        AssertSame(turns, together);
    }

    [Fact]
    public async Task A_batch_lists_what_its_files_would_one_by_one_of_two_contents_for_one_name_the_first()
    {
        using var folder = PreparedSigningKey.NewRoot();
        await using var repository = Open(folder);
        await FillAsync(repository);
        var (single, batch) = (await BranchAsync(repository, "single"), await BranchAsync(repository, "batch"));
        var offers = await ReceiveAsync(repository, await OffersAsync(20260303, 150));

        foreach (var offer in offers)
            await repository.Uploads.AddAsync(single, WriterIdentity.Unknown, offer);
        await repository.Uploads.AddAllAsync(batch, WriterIdentity.Unknown, offers);

        AssertSame(single, batch);
    }

    static RepositoryRoot Open(TemporaryFolder folder) =>
        RepositoryRoot.Open(new() { Root = folder.Path, ReplacingBranches = [new BranchPattern("replaced-*")] });

    static async Task<Branch> BranchAsync(RepositoryRoot repository, string name)
    {
        var branch = await repository.Branches.GetAsync(BranchName.Parse(name));
        await branch.CreateAsync(WriterIdentity.Unknown);
        return branch;
    }

    // Few names, so that some come again with the same bytes and some with others.
    static async Task<(SuiteComponent SuiteComponent, SamplePackage Package)[]> OffersAsync(int seed, int count)
    {
        var random = new Random(seed);
        var offers = new (SuiteComponent, SamplePackage)[count];
        for (var i = 0; i < count; i++)
            offers[i] = (
                suiteComponents[random.Next(2)],
                await SamplePackage.MakeAsync(
                    $"package{random.Next(8)}",
                    $"{random.Next(3)}",
                    random.Next(2) == 0 ? "amd64" : "all",
                    $"{random.Next(2)}"
                )
            );
        return offers;
    }

    static async Task FillAsync(RepositoryRoot repository)
    {
        var main = await repository.Branches.GetAsync(repository.Branches.Default);
        await repository.Uploads.AddAllAsync(main, WriterIdentity.Unknown, await ReceiveAsync(repository, await OffersAsync(20260301, 40)));
    }

    // The files go with the folder.
    static async Task<Offer[]> ReceiveAsync(RepositoryRoot repository, (SuiteComponent SuiteComponent, SamplePackage Package)[] packages)
    {
        var offers = new List<Offer>();
        foreach (var (suiteComponent, package) in packages)
        {
            var name = DebFileName.Parse(package.FileName);
            offers.Add(
                new Offer(
                    suiteComponent,
                    name,
                    AnnouncedDigests.None,
                    await repository.Uploads.ReceiveAsync(new MemoryStream(package.Bytes), name, AnnouncedDigests.None, default)
                )
            );
        }
        return [.. offers];
    }

    // Every third one is taken away instead. It is in the branch's queue when this is left the first time.
    static async Task<string> ChangeAsync(RepositoryRoot repository, Branch branch, Offer offer, int number) =>
        number % 3 == 0
            ? $"{await Uploads.DeleteAsync(branch, WriterIdentity.Unknown, offer.SuiteComponent, offer.Name)}"
            : $"{await repository.Uploads.AddAsync(branch, WriterIdentity.Unknown, offer)}";

    static void AssertSame(Branch expected, Branch actual)
    {
        Assert.Equal(Listed(expected), Listed(actual));
        foreach (
            var (suiteComponent, index) in suiteComponents.SelectMany(suiteComponent =>
                new[] { "gz", "xz" }.Select(kind => (suiteComponent, $"{suiteComponent.Component}/binary-amd64/Packages.{kind}"))
            )
        )
            Assert.Equal(
                File.ReadAllBytes(expected.Folder.InDists(suiteComponent.Suite, index)),
                File.ReadAllBytes(actual.Folder.InDists(suiteComponent.Suite, index))
            );

        static IEnumerable<(SuiteComponent, DebFileName, Sha256, Ownership)> Listed(Branch branch) =>
            branch.Contents.SuiteComponents.SelectMany(suiteComponent =>
                branch
                    .Contents.In(suiteComponent)
                    .Select(listed => (suiteComponent, listed.Package.FileName, listed.Package.Digests.Sha256, listed.Ownership))
            );
    }
}
