using System.Diagnostics;
using System.Text.RegularExpressions;
using Debyard.Debian.Compression;
using Debyard.Debian.Digests;
using Debyard.Debian.Indexes;
using Debyard.Debian.Names;
using Debyard.Repository.Branches;
using Debyard.Repository.Identity;
using Debyard.Repository.Operations;
using Debyard.Repository.Storage;
using Debyard.Tests;

namespace Debyard.Repository.Tests;

/// <summary>
/// Compares whole files at a fixed time. Sizes and digests of .gz and .xz files, which depend on the compressor, are checked against them.
/// </summary>
public sealed partial class PublishedFilesTests
{
    [Fact]
    public async Task A_suite_is_published_as_these_files()
    {
        using var folder = new TemporaryFolder();
        await using var repository = RepositoryRoot.Open(new() { Root = folder.Path, Time = new Clock() });
        var branch = await repository.Branches.GetAsync(BranchName.Parse("feature-x"));
        foreach (
            var package in new[]
            {
                await SamplePackage.MakeAsync("lua", "5.10-1"),
                await SamplePackage.MakeAsync("lua", "1:5.9-1"),
                await SamplePackage.MakeAsync("lua", "5.9-1", "musl64"),
                await SamplePackage.MakeAsync("data", "2", "all"),
            }
        )
            await AddAsync(repository, branch, package);

        var dists = folder["feature-x/dists/stable"];
        Golden.Equal(await PackagesAsync(dists, "amd64"), "Packages-amd64");
        Golden.Equal(await PackagesAsync(dists, "musl64"), "Packages-musl64");
        var release = File.ReadAllText($"{dists}/Release");
        foreach (var index in ReleaseFile.Parse(release).Files.Where(index => Path.HasExtension(index.Path)))
        {
            await using var file = File.OpenRead($"{dists}/{index.Path}");
            Assert.Equal(index, new IndexFile(index.Path, file.Length, (await FileDigests.ComputeAsync(file)).Sha256));
        }
        Golden.Equal(CompressedLine().Replace(release, " (digest and size) $1"), "Release");
        var inRelease = File.ReadAllText($"{dists}/InRelease");
        Assert.StartsWith($"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{release}-----BEGIN PGP SIGNATURE-----\n", inRelease);
        Assert.EndsWith("-----END PGP SIGNATURE-----\n", inRelease);
        await VerifyAsync(repository.Key.ArmouredPublicKey, $"{dists}/InRelease");
        await VerifyAsync(repository.Key.ArmouredPublicKey, $"{dists}/Release.gpg", $"{dists}/Release");
    }

    [GeneratedRegex(@" [0-9a-f]{64} +\d+ (\S+\.[gx]z)")]
    private static partial Regex CompressedLine();

    static async Task AddAsync(RepositoryRoot repository, Branch branch, SamplePackage package)
    {
        var name = DebFileName.Parse(package.FileName);
        using var received = await repository.Uploads.ReceiveAsync(new MemoryStream(package.Bytes), name, AnnouncedDigests.None, default);
        Assert.Equal(
            OfferOutcome.Created,
            await repository.Uploads.AddAsync(
                branch,
                new() { Ref = "feature/x" },
                new Offer(SuiteComponent.Default, name, AnnouncedDigests.None, received)
            )
        );
    }

    static async Task<string> PackagesAsync(string dists, string architecture)
    {
        await using var gz = File.OpenRead($"{dists}/main/binary-{architecture}/Packages.gz");
        await using var xz = File.OpenRead($"{dists}/main/binary-{architecture}/Packages.xz");
        var text = await new StreamReader(GZip.Decompress(gz)).ReadToEndAsync();
        Assert.Equal(text, await new StreamReader(Xz.Decompress(xz)).ReadToEndAsync());
        return text;
    }

    static async Task VerifyAsync(string key, params string[] files)
    {
        using var folder = new TemporaryFolder();
        var keyring = folder["key.gpg"];
        await RunAsync(
            "gpg",
            "--batch",
            "--homedir",
            folder.Path,
            "--no-autostart",
            "--dearmor",
            "--output",
            keyring,
            folder.Write("key.asc", key)
        );
        await RunAsync("gpgv", ["--keyring", keyring, .. files]);
    }

    static async Task RunAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, errors);
    }
}
