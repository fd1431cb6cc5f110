using System.Xml.Linq;

namespace Debyard.Server.Tests.Faults;

/// <summary>The server killed at each system call by which a publish of rpms changes the disk.</summary>
[Collection(nameof(OneAtATime))]
public sealed class RpmKillTests
{
    static readonly SampleRpm before = SampleRpm.Make(),
        added = SampleRpm.Make("zlib", "1.3");

    [Theory]
    [InlineData("rename")]
    [InlineData("mkdir")]
    [InlineData("syncfs")]
    [InlineData("unlink")]
    [InlineData("pwrite64")]
    public async Task Killed_at_a_change_of_a_file_it_serves_one_generation_or_the_other_and_its_signature(string call)
    {
        using var template = PreparedSigningKey.NewRoot();
        await using (var server = await RepositoryServer.StartAsync(new() { Repository = new() { Root = template.Path } }, default))
        {
            using var http = new HttpClient { BaseAddress = server.Url };
            await AddAsync(http, before);
        }

        var ordinal = 1;
        while (await KillAsync(template, call, ordinal))
            ordinal++;

        Assert.True(ordinal > 1, $"There is no call of {call}.");
    }

    /// <returns>False where there is no such call, so that the server lives on.</returns>
    static async Task<bool> KillAsync(TemporaryFolder template, string call, int ordinal)
    {
        using var root = new TemporaryFolder();
        await Tool.RunAsync("cp", "-a", $"{template.Path}/.", root.Path);
        using var process = await ServerProcess.StartAsync(root.Path, workers: 1);
        await process.Http.GetStringAsync("main/rpm/key.asc");
        using var strace = await process.TraceAsync(
            "-o",
            "/dev/null",
            "-e",
            $"trace={call}",
            "-e",
            $"inject={call}:signal=KILL:when={ordinal}"
        );
        var isAnswered = false;
        try
        {
            await AddAsync(process.Http, added);
            isAnswered = true;
        }
        catch (HttpRequestException)
        {
            // Killed before it answered.
        }
        if (isAnswered && !await process.EndsAsync(TimeSpan.FromMilliseconds(200)))
            return false;
        Assert.True(await process.EndsAsync(TimeSpan.FromSeconds(30)), $"It lives on after {call} {ordinal}.");
        await AssertWholeAsync(root, isAnswered, $"killed at {call} {ordinal}");
        return true;
    }

    static async Task AssertWholeAsync(TemporaryFolder root, bool isAnswered, string when)
    {
        await using var server = await RepositoryServer.StartAsync(new() { Repository = new() { Root = root.Path } }, default);
        using var http = new HttpClient { BaseAddress = server.Url };
        Assert.Empty(Directory.EnumerateFileSystemEntries(root[".debyard/temporary"]));
        var listed = await VerifiedNamesAsync(http);
        Assert.True(
            listed.SequenceEqual(["lua", "zlib"]) || !isAnswered && listed.SequenceEqual(["lua"]),
            $"{when}: it lists {string.Join(", ", listed)}"
        );
        await AddAsync(http, added);
        Assert.Equal(["lua", "zlib"], await VerifiedNamesAsync(http));
    }

    // What the metadata lists, after checking the signature of its index, and the packages against the digests that it says.
    static async Task<IReadOnlyList<string>> VerifiedNamesAsync(HttpClient http)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["home"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (
            var (name, path) in new[] { ("key", "key.asc"), ("index", "repodata/repomd.xml"), ("index.asc", "repodata/repomd.xml.asc") }
        )
            await File.WriteAllBytesAsync(folder[name], await http.GetByteArrayAsync($"main/rpm/{path}"));
        await Tool.RunAsync("gpg", "--homedir", folder["home"], "--batch", "--quiet", "--no-autostart", "--import", folder["key"]);
        await Tool.RunAsync(
            "gpg",
            "--homedir",
            folder["home"],
            "--batch",
            "--quiet",
            "--no-autostart",
            "--verify",
            folder["index.asc"],
            folder["index"]
        );
        var document = (string)
            XDocument.Load(folder["index"]).Descendants().First(element => element.Name.LocalName == "location").Attribute("href")!;
        await using var primary = Debian.Compression.GZip.Decompress(
            new MemoryStream(await http.GetByteArrayAsync($"main/rpm/{document}"))
        );
        var packages = XDocument.Load(primary).Root!.Elements().ToList();
        foreach (var package in packages)
        {
            var location = (string)package.Elements().Single(element => element.Name.LocalName == "location").Attribute("href")!;
            Assert.Equal(
                package.Elements().Single(element => element.Name.LocalName == "checksum").Value,
                Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await http.GetByteArrayAsync($"main/rpm/{location}")))
            );
        }
        return [.. packages.Select(package => package.Elements().First().Value)];
    }

    static async Task AddAsync(HttpClient http, SampleRpm rpm)
    {
        using var put = await http.PutAsync($"main/rpm/{rpm.FileName}", new ByteArrayContent(rpm.Bytes));
        put.EnsureSuccessStatusCode();
        using var offer = await http.PostAsync("main/rpm/", new StringContent(rpm.Offer));
        offer.EnsureSuccessStatusCode();
        Assert.Contains("present", await offer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
