using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Debyard.Server.Tests;

/// <summary>The rpm repository of a branch. Debyard.Acceptance installs from one with dnf.</summary>
public sealed partial class RpmTests
{
    static readonly XNamespace common = "http://linux.duke.edu/metadata/common";
    static readonly XNamespace repo = "http://linux.duke.edu/metadata/repo";

    [Fact]
    public async Task An_upload_is_signed_and_listed_by_the_offer_that_completes_it()
    {
        await using var server = await RunningServer.StartAsync();
        var rpm = SampleRpm.Make();

        Assert.Equal("missing", await OfferAsync(server, rpm));
        Assert.Equal(HttpStatusCode.Created, await PutAsync(server, rpm));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server, "main/rpm/repodata/repomd.xml"));
        Assert.Equal("present", await OfferAsync(server, rpm));

        var package = Assert.Single(await PackagesAsync(server));
        Assert.Equal("lua", package.Element(common + "name")!.Value);
        Assert.Equal(("1", "5.4.6", "1"), Version(package));
        Assert.Equal("a sample <of> & for tests", package.Element(common + "summary")!.Value);
        var served = await server.Http.GetByteArrayAsync($"main/rpm/{Location(package)}");
        Assert.Equal(package.Element(common + "checksum")!.Value, Sha256Of(served));
        Assert.NotEqual(rpm.Bytes, served);
        Assert.Equal(rpm.Bytes[^20..], served[^20..]);
        Assert.Equal(HttpStatusCode.OK, await PutAsync(server, rpm));
    }

    [Fact]
    public async Task The_signatures_are_those_of_the_repositorys_key()
    {
        await using var server = await RunningServer.StartAsync();
        await AddAsync(server, SampleRpm.Make());
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["home"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (
            var (name, path) in new[] { ("key", "key.asc"), ("index", "repodata/repomd.xml"), ("index.asc", "repodata/repomd.xml.asc") }
        )
            await File.WriteAllBytesAsync(folder[name], await server.Http.GetByteArrayAsync($"main/rpm/{path}"));

        await Tool.RunAsync("gpg", "--homedir", folder["home"], "--batch", "--quiet", "--import", folder["key"]);
        await Tool.RunAsync("gpg", "--homedir", folder["home"], "--batch", "--quiet", "--verify", folder["index.asc"], folder["index"]);
    }

    [Fact]
    public async Task A_client_that_follows_the_mirror_list_reads_one_generation_while_another_is_published()
    {
        await using var server = await RunningServer.StartAsync();
        await AddAsync(server, SampleRpm.Make());
        var mirror = (await server.Http.GetStringAsync("main/rpm/mirrorlist")).Trim();
        var index = await server.Http.GetStringAsync($"{mirror}repodata/repomd.xml");

        await AddAsync(server, SampleRpm.Make(version: "5.4.7"));

        Assert.NotEqual(index, await server.Http.GetStringAsync("main/rpm/repodata/repomd.xml"));
        Assert.Equal(index, await server.Http.GetStringAsync($"{mirror}repodata/repomd.xml"));
        Assert.NotEqual(
            await server.Http.GetStringAsync("main/rpm/repodata/repomd.xml.asc"),
            await server.Http.GetStringAsync($"{mirror}repodata/repomd.xml.asc")
        );
        foreach (var document in DocumentName.Matches(index).Select(match => match.Groups[1].Value))
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, $"main/rpm/{document}"));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, $"{mirror}{document}"));
        }
        Assert.Equal(2, (await PackagesAsync(server)).Count);
    }

    [Fact]
    public async Task Superseded_generations_and_unlisted_files_go_with_the_retention()
    {
        var clock = new Clock();
        await using var server = await RunningServer.StartAsync(clock);
        await AddAsync(server, SampleRpm.Make());
        var mirror = (await server.Http.GetStringAsync("main/rpm/mirrorlist")).Trim();
        var location = Location(Assert.Single(await PackagesAsync(server)));

        Assert.Equal(HttpStatusCode.OK, await DeleteAsync(server, "main/rpm/lua-5.4.6-1.x86_64.rpm"));
        Assert.Empty(await PackagesAsync(server));
        await server.CollectGarbageAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, $"{mirror}{location}"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, $"{mirror}repodata/repomd.xml"));

        clock.Advance(TimeSpan.FromHours(25));
        await server.CollectGarbageAsync();
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server, $"{mirror}{location}"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server, $"{mirror}repodata/repomd.xml"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "main/rpm/repodata/repomd.xml"));
        Assert.Equal(HttpStatusCode.NotFound, await DeleteAsync(server, "main/rpm/lua-5.4.6-1.x86_64.rpm"));
    }

    [Fact]
    public async Task A_name_keeps_its_content_in_the_default_branch_even_after_it_was_deleted()
    {
        await using var server = await RunningServer.StartAsync();
        await AddAsync(server, SampleRpm.Make());
        var other = SampleRpm.Make(content: "other");

        Assert.Equal("conflict", await OfferAsync(server, other));
        Assert.Equal(HttpStatusCode.Conflict, await PutAsync(server, other));
        await DeleteAsync(server, "main/rpm/lua-5.4.6-1.x86_64.rpm");
        Assert.Equal("conflict", await OfferAsync(server, other));
        await AddAsync(server, SampleRpm.Make());
    }

    [Fact]
    public async Task What_was_published_is_there_after_a_restart_and_gone_with_the_branch()
    {
        await using var server = await RunningServer.StartAsync();
        await AddAsync(server, SampleRpm.Make(), "feature-x");
        var index = await server.Http.GetStringAsync("feature-x/rpm/repodata/repomd.xml");
        await PutAsync(server, SampleRpm.Make("zlib"), "feature-x");

        await server.RestartAsync();
        Assert.Equal(index, await server.Http.GetStringAsync("feature-x/rpm/repodata/repomd.xml"));
        Assert.Equal("present", await OfferAsync(server, SampleRpm.Make("zlib"), "feature-x"));

        await server.JsonAsync(HttpMethod.Delete, "api/branches/feature-x");
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server, "feature-x/rpm/repodata/repomd.xml"));
    }

    [Fact]
    public async Task A_killed_publish_leaves_the_generation_before()
    {
        await using var server = await RunningServer.StartAsync();
        await AddAsync(server, SampleRpm.Make());
        var index = await server.Http.GetStringAsync("main/rpm/repodata/repomd.xml");
        // A generation is written below this folder and renamed; a kill in between leaves it here.
        Directory.CreateDirectory(Path.Combine(server.Root, ".debyard", "temporary", "unfinished", "repodata"));

        await server.RestartAsync();

        Assert.Equal(index, await server.Http.GetStringAsync("main/rpm/repodata/repomd.xml"));
        Assert.DoesNotContain(server.Files(), file => file.StartsWith(".debyard/temporary/", StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(server.Root, ".debyard", "temporary")));
    }

    public static TheoryData<string, byte[], string> Refused
    {
        get
        {
            var rpm = SampleRpm.Make();
            byte[] Flipped(int at) => [.. rpm.Bytes[..at], (byte)(rpm.Bytes[at] ^ 1), .. rpm.Bytes[(at + 1)..]];
            return new()
            {
                {
                    rpm.FileName,
                    [.. "not an rpm, but longer than the lead of one, which has ninety-six bytes, so that it is read"u8, .. new byte[96]],
                    "magic number"
                },
                { rpm.FileName, rpm.Bytes[..50], "truncated" },
                { rpm.FileName, rpm.Bytes[..400], "truncated" },
                { rpm.FileName, Flipped(rpm.Bytes.Length - 1), "SHA-256 of its payload" },
                { rpm.FileName, Flipped(rpm.Bytes.Length - 200), "SHA-256 of its header" },
                { rpm.FileName, [.. rpm.Bytes[..7], 1, .. rpm.Bytes[8..]], "source rpm" },
                { rpm.FileName, SampleRpm.Make(withDigests: false).Bytes, "no SHA-256" },
                { "lua-5.4.7-1.x86_64.rpm", rpm.Bytes, "its header says lua-5.4.6-1.x86_64.rpm" },
                { "lua.rpm", rpm.Bytes, "not the name of an rpm" },
                { "lua-5.4.6-1.src.rpm", rpm.Bytes, "not the name of an rpm" },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_not_a_whole_rpm_of_that_name_is_refused_and_nothing_stays(string name, byte[] bytes, string reason)
    {
        await using var server = await RunningServer.StartAsync();

        using var response = await server.Http.PutAsync($"main/rpm/{name}", new ByteArrayContent(bytes));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains(reason, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(server.Files(), file => file.StartsWith("main/", StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(server.Root, ".debyard", "temporary")));
    }

    [Theory]
    [InlineData("main/rpm/packages/..%2f..%2f.branch")]
    [InlineData("main/rpm/generations/1/listing")]
    [InlineData("main/rpm/pending/x")]
    [InlineData("main/rpm/repodata/..%2flisting")]
    [InlineData("main/rpm/-1/repodata/repomd.xml")]
    public async Task Only_the_files_of_the_repository_are_served(string path)
    {
        await using var server = await RunningServer.StartAsync();
        await AddAsync(server, SampleRpm.Make());
        using var response = await server.Http.GetAsync(path);
        Assert.Contains((int)response.StatusCode, new[] { 400, 404 });
    }

    [Fact]
    public async Task The_configuration_for_dnf_asks_for_both_signatures()
    {
        await using var server = await RunningServer.StartAsync();
        await AddAsync(server, SampleRpm.Make());

        Assert.Equal(
            $"""
            [debyard-main]
            name=Debyard main
            mirrorlist={server.Url}main/rpm/mirrorlist
            gpgkey={server.Url}main/rpm/key.asc
            gpgcheck=1
            repo_gpgcheck=1
            metadata_expire=60

            """,
            await server.Http.GetStringAsync("main/rpm/debyard.repo")
        );
    }

    [Fact]
    public async Task Each_publish_is_in_the_journal()
    {
        await using var server = await RunningServer.StartAsync();
        await AddAsync(server, SampleRpm.Make());

        var entry = (await server.GetAsync("api/journal"))["entries"]![0]!;
        Assert.Equal("published", (string?)entry["act"]);
        Assert.Equal("rpm/lua-5.4.6-1.x86_64.rpm", (string?)entry["files"]![0]);
    }

    static async Task AddAsync(RunningServer server, SampleRpm rpm, string branch = "main")
    {
        await PutAsync(server, rpm, branch);
        Assert.Equal("present", await OfferAsync(server, rpm, branch));
    }

    static async Task<HttpStatusCode> PutAsync(RunningServer server, SampleRpm rpm, string branch = "main")
    {
        using var response = await server.Http.PutAsync($"{branch}/rpm/{rpm.FileName}", new ByteArrayContent(rpm.Bytes));
        return response.StatusCode;
    }

    static async Task<string> OfferAsync(RunningServer server, SampleRpm rpm, string branch = "main")
    {
        var answer = await server.JsonAsync(
            HttpMethod.Post,
            $"{branch}/rpm/",
            new { files = new[] { new { name = rpm.FileName, sha256 = rpm.Sha256 } } }
        );
        return (string)answer["files"]![0]!["outcome"]!;
    }

    static async Task<HttpStatusCode> StatusAsync(RunningServer server, string path)
    {
        using var response = await server.Http.GetAsync(path);
        return response.StatusCode;
    }

    static async Task<HttpStatusCode> DeleteAsync(RunningServer server, string path)
    {
        using var response = await server.Http.DeleteAsync(path);
        return response.StatusCode;
    }

    static async Task<IReadOnlyList<XElement>> PackagesAsync(RunningServer server)
    {
        var index = XDocument.Parse(await server.Http.GetStringAsync("main/rpm/repodata/repomd.xml"));
        var primary = index.Root!.Elements(repo + "data").Single(data => (string?)data.Attribute("type") == "primary");
        var path = (string)primary.Element(repo + "location")!.Attribute("href")!;
        var compressed = await server.Http.GetByteArrayAsync($"main/rpm/{path}");
        Assert.Equal(primary.Element(repo + "checksum")!.Value, Sha256Of(compressed));
        await using var document = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        return [.. XDocument.Load(document).Root!.Elements(common + "package")];
    }

    static string Location(XElement package) => (string)package.Element(common + "location")!.Attribute("href")!;

    static (string?, string?, string?) Version(XElement package) =>
        package.Element(common + "version") is { } version
            ? ((string?)version.Attribute("epoch"), (string?)version.Attribute("ver"), (string?)version.Attribute("rel"))
            : default;

    static string Sha256Of(byte[] bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));

    [GeneratedRegex("href=\"(repodata/[^\"]+)\"")]
    private static partial Regex DocumentName { get; }
}
