using System.Text.Json;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Repository;
using Debyard.Pipeline.Tests.BuildCache;
using Debyard.Pipeline.Validation;
using Debyard.Protocol;

namespace Debyard.Pipeline.Tests.Validation;

/// <summary>A verdict counts only for the bytes it names, and only while the branch has what it was given with.</summary>
public sealed class VerdictsTests : IDisposable
{
    const string File = "streamer_1_all.deb";

    readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_verdict_of_the_server_counts_and_is_kept_in_the_workspace()
    {
        var candidate = Candidate("one");
        var state = await FindAsync(candidate, new Answer(200, Known(candidate, "one")));

        Assert.NotNull(state.Valid);
        Assert.NotNull(Workspace.Find(candidate.Fingerprint));
    }

    [Fact]
    public async Task A_verdict_about_other_bytes_does_not_count()
    {
        var candidate = Candidate("one");
        var state = await FindAsync(candidate, new Answer(200, Known(candidate, "two")));

        Assert.Null(state.Valid);
        Assert.Null(Workspace.Find(candidate.Fingerprint));
    }

    [Fact]
    public async Task A_verdict_ends_when_a_dependency_changes()
    {
        var candidate = Candidate("one");
        var state = await FindAsync(candidate, new Answer(200, Known(candidate, "one", "lua_1_all.deb is now lua_2_all.deb")));

        Assert.Null(state.Valid);
        Assert.Equal(["lua_1_all.deb is now lua_2_all.deb"], state.Changed);
    }

    [Fact]
    public async Task A_verdict_of_the_workspace_is_given_to_a_server_that_lacks_it()
    {
        var candidate = Candidate("one");
        Workspace.Keep(JsonSerializer.Deserialize(Known(candidate, "one"), ProtocolJson.Default.VerdictAnswer)!.Verdict);
        var state = await FindAsync(
            candidate,
            new Answer(404, """{"status":404}""", ContentType: Problem.MediaType),
            new Answer(200, Known(candidate, "one", "lua_1_all.deb is no longer in main"))
        );

        Assert.Equal(["lua_1_all.deb is no longer in main"], state.Changed);
    }

    WorkspaceVerdicts Workspace => new(folder.Path);

    async Task<VerdictState> FindAsync(Candidate candidate, params Answer[] answers)
    {
        using var server = new ScriptedServer([new Answer(200, """{"branch":"main","created":false}"""), .. answers]);
        using var repository = await RepositoryClient.OpenAsync(server.Address, "main", CancellationToken.None);
        return await new Verdicts(Workspace, TimeProvider.System).FindAsync(repository, candidate, CancellationToken.None);
    }

    static string Known(Candidate candidate, string content, params string[] changed) =>
        JsonSerializer.Serialize(
            new VerdictAnswer(
                new Verdict(
                    candidate.Fingerprint.Value,
                    "amd64",
                    [new VerdictFile(File, BuildCacheClientTests.DigestsOf(content).Sha256.ToString(), false)],
                    [],
                    "bookworm",
                    [],
                    [],
                    DateTimeOffset.UnixEpoch
                ),
                "main",
                changed
            ),
            ProtocolJson.Default.VerdictAnswer
        );

    static Candidate Candidate(string content)
    {
        var manifest = new Manifest
        {
            File = "/debyard.yml",
            Product = "streamer",
            Repository = new RepositorySettings(null, "main", "stable", "main"),
            Architectures = [],
            Bases = [],
            Toolchains = [],
            Dependencies = [],
            Packages = [],
            Validation = new ValidationPlan("bookworm", ["streamer"], null, null, []),
        };
        var @base = new Image
        {
            Kind = ImageKind.Base,
            Name = "bookworm",
            Architecture = Debian.Names.Architecture.Parse("amd64"),
            Product = "streamer",
            Base = new BaseImage.Pulled("bookworm", "debian:bookworm"),
        };
        return new Candidate(manifest, [new PackageFile(null, File, BuildCacheClientTests.DigestsOf(content))], [], @base);
    }

    public void Dispose() => folder.Dispose();
}
