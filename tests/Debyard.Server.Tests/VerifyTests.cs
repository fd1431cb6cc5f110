using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Debyard.Server.Tests.Faults;

namespace Debyard.Server.Tests;

public sealed class VerifyTests
{
    [Fact]
    public async Task A_sound_repository_is_told_with_what_was_read()
    {
        await using var server = await RunningServer.StartAsync();
        var packages = new[]
        {
            await SamplePackage.MakeAsync("one"),
            await SamplePackage.MakeAsync("two", architecture: "all"),
            await SamplePackage.MakeAsync("three", architecture: "musl64"),
        };
        foreach (var package in packages)
            await server.PutAsync("main", package);
        await server.BatchAsync("feature-x");
        await server.PutAsync("feature-x", await SamplePackage.MakeAsync("late"), "?publish=later");

        var report = await server.Http.VerifyAsync();

        Assert.Equal("[]", report["damaged"]!.ToJsonString());
        Assert.Equal("[]", report["rebuilt"]!.ToJsonString());
        Assert.Equal((4, 2), ((int)report["blobs"]!, (int)report["branches"]!));
        Assert.True((long)report["bytes"]! > packages.Sum(package => package.Digests.Size));
    }

    [Fact]
    public async Task A_damaged_package_is_found_and_named_once_for_all_branches()
    {
        await using var server = await RunningServer.StartAsync();
        var package = await SamplePackage.MakeAsync();
        await server.PutAsync("main", package);
        await server.BatchAsync("feature-x");
        var blob = Path.Combine(server.Root, Blob(package));
        var bytes = File.ReadAllBytes(blob);
        bytes[^1] ^= 1;
        Overwrite(blob, bytes);

        var damage = Assert.Single((await server.Http.VerifyAsync())["damaged"]!.AsArray())!;

        Assert.Equal(Blob(package), (string?)damage["path"]);
        Assert.Contains(package.FileName, (string?)damage["problem"]);
        // What the message advises.
        Overwrite(blob, package.Bytes);
        Assert.Equal("[]", (await server.Http.VerifyAsync())["damaged"]!.ToJsonString());
    }

    [Theory]
    [InlineData("stanza", "")]
    [InlineData("stanza", null)]
    [InlineData("sha1", "nonsense")]
    [InlineData("sha1", null)]
    public async Task A_missing_or_damaged_description_is_rebuilt(string kind, string? damage)
    {
        await using var server = await RunningServer.StartAsync();
        var package = await SamplePackage.MakeAsync();
        await server.PutAsync("main", package);
        var path = kind == "sha1" ? $".debyard/sha1/{package.Digests.Sha1[..2]}/{package.Digests.Sha1}" : Blob(package) + ".stanza";
        var file = Path.Combine(server.Root, path);
        var original = File.ReadAllText(file);
        if (damage is null)
            File.Delete(file);
        else
            File.WriteAllText(file, damage);

        var report = await server.Http.VerifyAsync();

        Assert.Equal(new JsonArray(path).ToJsonString(), report["rebuilt"]!.ToJsonString());
        Assert.Equal("[]", report["damaged"]!.ToJsonString());
        Assert.Equal(original, File.ReadAllText(file));
        Assert.Equal("[]", (await server.Http.VerifyAsync())["rebuilt"]!.ToJsonString());
    }

    [Theory]
    [InlineData("dists/stable/InRelease")]
    [InlineData("dists/stable/Release")]
    [InlineData("dists/stable/Release.gpg")]
    [InlineData("dists/stable/main/binary-amd64/Packages.gz")]
    [InlineData("dists/stable/main/binary-amd64/Packages.xz")]
    [InlineData("pool")]
    public async Task A_missing_or_changed_file_of_a_branch_is_found(string path)
    {
        await using var server = await RunningServer.StartAsync();
        await server.PutAsync("main", await SamplePackage.MakeAsync());
        var branch = Path.Combine(server.Root, "main");
        var file =
            path == "pool"
                ? Directory.EnumerateFiles(Path.Combine(branch, path), "*", SearchOption.AllDirectories).Single()
                : Path.Combine(branch, path);
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;

        File.Delete(file);
        Assert.NotEmpty((await server.Http.VerifyAsync())["damaged"]!.AsArray());
        File.WriteAllBytes(file, bytes);
        Assert.NotEmpty((await server.Http.VerifyAsync())["damaged"]!.AsArray());
    }

    [Fact]
    public async Task Without_its_Packages_gz_a_branch_serves_what_is_left_refuses_the_rest_and_is_named()
    {
        await using var server = await RunningServer.StartAsync();
        var package = await SamplePackage.MakeAsync();
        await server.PutAsync("main", package);
        await server.PutAsync("feature-x", await SamplePackage.MakeAsync("other"));
        var lost = LosePackagesGz(server);
        await server.RestartAsync();

        await server.InReleaseAsync("main");
        await server.Http.GetByteArrayAsync("main/dists/stable/main/binary-amd64/Packages.xz");
        Assert.Equal(package.Bytes, await server.Http.GetByteArrayAsync($"main/{package.PoolPath}"));
        using (var refused = await server.PutAsync("main", await SamplePackage.MakeAsync("third")))
            Assert.Equal(
                (HttpStatusCode.ServiceUnavailable, true),
                (
                    refused.StatusCode,
                    (await refused.Content.ReadAsStringAsync()).Contains(Path.GetFileName(lost.Path), StringComparison.Ordinal)
                )
            );
        Assert.Equal(HttpStatusCode.Created, (await server.PutAsync("feature-x", await SamplePackage.MakeAsync("third"))).StatusCode);
        Assert.Contains(
            Path.GetRelativePath(server.Root, lost.Path),
            (await server.Http.VerifyAsync())["damaged"]!.AsArray().Select(damage => (string?)damage!["path"])
        );

        File.WriteAllBytes(lost.Path, lost.Bytes);
        Assert.Equal(HttpStatusCode.Created, (await server.PutAsync("main", await SamplePackage.MakeAsync("third"))).StatusCode);
        await server.Http.AssertSoundAsync();
    }

    [Fact]
    public async Task A_Packages_gz_lost_beneath_a_server_that_has_read_it_is_there_again_with_the_next_publish()
    {
        await using var server = await RunningServer.StartAsync();
        await server.PutAsync("main", await SamplePackage.MakeAsync());
        LosePackagesGz(server);

        // Of another architecture: the lost index does not change.
        await server.PutAsync("main", await SamplePackage.MakeAsync(architecture: "arm64"));

        Assert.Equal(["lua_5.4.6-1_amd64.deb"], await server.ListedAsync("main"));
        await server.Http.AssertSoundAsync();
    }

    // Both its names: they are one file.
    static (string Path, byte[] Bytes) LosePackagesGz(RunningServer server)
    {
        var index = Path.Combine(server.Root, "main/dists/stable/main/binary-amd64");
        var bytes = File.ReadAllBytes(Path.Combine(index, "Packages.gz"));
        var byHash = Path.Combine(index, "by-hash/SHA256", Convert.ToHexStringLower(SHA256.HashData(bytes)));
        File.Delete(Path.Combine(index, "Packages.gz"));
        File.Delete(byHash);
        return (byHash, bytes);
    }

    static string Blob(SamplePackage package) =>
        $".debyard/blobs/{package.Digests.Sha256.ToString()[..2]}/{package.Digests.Sha256.ToString()}";

    // In place, so that every hard link shows it. The file is read-only, which stops every user but root.
    static void Overwrite(string path, byte[] bytes)
    {
        var mode = File.GetUnixFileMode(path);
        File.SetUnixFileMode(path, mode | UnixFileMode.UserWrite);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write))
            file.Write(bytes);
        File.SetUnixFileMode(path, mode);
    }
}
