using System.Security.Cryptography;
using System.Xml.Linq;
using Debyard.Acceptance.Machine;

namespace Debyard.Acceptance.Rpm;

/// <summary>The sample product as rpms: made, uploaded, and judged by rpm, createrepo_c and dnf.</summary>
[Trait("Needs", "Engine")]
public sealed class RpmTests(RpmTests.SampleAsRpms sample) : IClassFixture<RpmTests.SampleAsRpms>
{
    static readonly XNamespace common = "http://linux.duke.edu/metadata/common";
    static readonly XNamespace rpm = "http://linux.duke.edu/metadata/rpm";

    [Fact]
    public void Each_package_becomes_an_rpm_for_its_architecture()
    {
        var names = sample.Unsigned.Keys.Select(Path.GetFileName).ToList();

        Assert.Contains("streamer-lua-5.4.4-1.x86_64.rpm", names);
        Assert.Contains("streamer-lua-5.4.4-1.aarch64.rpm", names);
        Assert.Contains(
            names,
            name =>
                name!.StartsWith("streamer-1.0.0+", StringComparison.Ordinal) && name.EndsWith("-0.noarch.rpm", StringComparison.Ordinal)
        );
        sample.First.Says("Available to dnf once `./build.sh Serve` runs: http://127.0.0.1:8080/main/rpm/debyard.repo");
    }

    [Fact]
    public void Two_builds_are_byte_identical_before_the_signature_and_the_second_sends_nothing()
    {
        Assert.Equal(sample.Unsigned, sample.UnsignedAgain);
        sample.Again.Says("Present: 9, Linked: 0, Sent: 0 (0 bytes)");
    }

    [Fact]
    public async Task Rpm_says_ok_with_the_key_nokey_without_and_not_ok_after_a_flipped_bit()
    {
        await using var client = await sample.ClientAsync();
        await client.ShellAsync(
            "mkdir /rpms && "
                + "dnf --assumeyes --quiet --setopt=reposdir=/etc/yum.repos.d --releasever=1 repoquery --location streamer-lua > /urls && "
                + "curl -sf -o /rpms/streamer-lua-5.4.4-1.x86_64.rpm \"$(grep -F /streamer-lua-5.4.4-1.x86_64.rpm /urls)\" || "
                + "{ cat /urls >&2; exit 1; }"
        );
        const string check = "rpmkeys --dbpath /keys -Kv /rpms/streamer-lua-5.4.4-1.x86_64.rpm";

        var (without, withoutKey) = await client.TryAsync(check);
        await client.ShellAsync($"curl -sf {sample.Url}/main/rpm/key.asc > /key.asc && rpmkeys --dbpath /keys --import /key.asc");
        var (with, withKey) = await client.TryAsync(check);
        await client.ShellAsync(
            "f=/rpms/streamer-lua-5.4.4-1.x86_64.rpm; n=$(($(stat -c %s $f) - 100)); "
                + "b=$(dd if=$f bs=1 skip=$n count=1 status=none | od -An -tu1); "
                + "printf \"\\\\$(printf %o $((b ^ 1)))\" | dd of=$f bs=1 seek=$n conv=notrunc status=none"
        );
        var (flipped, withFlippedBit) = await client.TryAsync(check);

        Assert.Contains("RSA/SHA512 Signature", withKey, StringComparison.Ordinal);
        Assert.DoesNotContain("NOKEY", withKey, StringComparison.Ordinal);
        Assert.DoesNotContain("BAD", withKey, StringComparison.Ordinal);
        Assert.Equal(0, with);
        Assert.Contains("NOKEY", withoutKey, StringComparison.Ordinal);
        Assert.NotEqual(0, without);
        Assert.Contains("BAD", withFlippedBit, StringComparison.Ordinal);
        Assert.NotEqual(0, flipped);
    }

    [Fact]
    public async Task The_metadata_describes_each_package_as_createrepo_does()
    {
        await using var client = await sample.ClientAsync();
        await client.ShellAsync(
            $$"""
            mkdir -p /ours /theirs && cd /ours
            base={{sample.Url}}/main/rpm
            document() { curl -sf $base/repodata/repomd.xml | grep -o "repodata/[0-9a-f]*-$1.xml.gz"; }
            for d in primary filelists; do curl -sf $base/$(document $d) | gunzip > $d.xml; done
            for p in $(grep -o 'packages/[^"]*' primary.xml); do mkdir -p /theirs/$(dirname $p); curl -sfo /theirs/$p $base/$p; done
            createrepo_c --quiet --no-database --compress-type=gz /theirs
            cd /theirs/repodata && gunzip *-primary.xml.gz *-filelists.xml.gz
            """
        );
        var (ours, theirs) = (
            Packages(await client.ShellAsync("cat /ours/primary.xml")),
            Packages(await client.ShellAsync("cat /theirs/repodata/*-primary.xml"))
        );

        // One more if the next version was published before.
        Assert.InRange(ours.Count, 9, 10);
        Assert.Equal(theirs, ours);
        Assert.Equal(
            Files(await client.ShellAsync("cat /theirs/repodata/*-filelists.xml")),
            Files(await client.ShellAsync("cat /ours/filelists.xml"))
        );
    }

    [Fact]
    public async Task Dnf_installs_upgrades_and_erases_in_an_empty_root_with_both_signatures_checked()
    {
        await using var client = await sample.ClientAsync();

        await client.DnfAsync("install streamer");
        Assert.Contains("Lua 5.4.4", await client.ShellAsync("chroot /root1 /opt/streamer/bin/lua -v"), StringComparison.Ordinal);
        Assert.Equal("", await client.ShellAsync("rpm --root /root1 -V streamer streamer-lua streamer-luasocket"));
        var installed = await client.ShellAsync("rpm --root /root1 -q streamer");
        await client.ShellAsync("echo '# mine' >> /root1/etc/streamer/streamer.conf");

        await sample.PublishNextVersionAsync();
        await client.DnfAsync("upgrade --refresh");
        var upgraded = await client.ShellAsync("rpm --root /root1 -q streamer");
        Assert.NotEqual(installed, upgraded);
        Assert.Single(upgraded.Trim().Split('\n'));
        Assert.Contains("# mine", await client.ShellAsync("cat /root1/etc/streamer/streamer.conf"), StringComparison.Ordinal);

        await client.DnfAsync("remove streamer streamer-lua");
        Assert.NotEqual(0, (await client.TryAsync("rpm --root /root1 -q streamer")).ExitCode);
        Assert.Equal("", await client.ShellAsync("find /root1/opt -mindepth 1"));
    }

    [Fact]
    public async Task Dnf_refuses_metadata_and_packages_of_another_key()
    {
        await using var client = await sample.ClientAsync();
        await client.ShellAsync(
            "gpg --batch --quiet --passphrase '' --quick-generate-key other ed25519 sign never && gpg --armor --export other > /other.asc "
                + "&& sed -i 's#^gpgkey=.*#gpgkey=file:///other.asc#' /etc/yum.repos.d/debyard.repo"
        );

        var (metadata, said) = await client.TryDnfAsync("install streamer");
        Assert.NotEqual(0, metadata);
        Assert.Contains("repomd.xml GPG signature verification error", said, StringComparison.Ordinal);
        await client.ShellAsync("sed -i 's#^repo_gpgcheck=.*#repo_gpgcheck=0#' /etc/yum.repos.d/debyard.repo");
        Assert.NotEqual(0, (await client.TryDnfAsync("install streamer")).ExitCode);
    }

    // What differs by intent: where a package is and since when, and the symbol versions of libc, of which createrepo_c keeps the latest.
    static List<string> Packages(string primary) =>
        [
            .. XDocument
                .Parse(primary)
                .Root!.Elements(common + "package")
                .Select(package =>
                {
                    package.Element(common + "location")!.Remove();
                    package.Element(common + "time")!.SetAttributeValue("file", null);
                    package
                        .Descendants(rpm + "entry")
                        .Where(entry => ((string)entry.Attribute("name")!).StartsWith("libc.so.6(", StringComparison.Ordinal))
                        .Remove();
                    var format = package.Element(common + "format")!;
                    foreach (var entries in format.Elements().Where(element => element.Element(rpm + "entry") is not null))
                        entries.ReplaceNodes(entries.Elements().OrderBy(entry => entry.ToString(), StringComparer.Ordinal).ToList());
                    // In any order, and once if one of both repeats a line.
                    return string.Join('\n', package.Descendants().Select(Line).Distinct().Order(StringComparer.Ordinal));
                })
                .Order(StringComparer.Ordinal),
        ];

    static string Line(XElement element) =>
        $"{element.Name.LocalName} "
        + string.Join(' ', element.Attributes().Select(attribute => $"{attribute.Name}={attribute.Value} ").Order())
        + (element.HasElements ? "" : element.Value.Trim());

    static List<string> Files(string lists) =>
        [
            .. XDocument
                .Parse(lists)
                .Root!.Elements()
                .Select(package =>
                    $"{package.Attribute("pkgid")} {package.Attribute("name")} "
                    + string.Join(' ', package.Elements().Select(Line).Order(StringComparer.Ordinal))
                )
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The sample product, cloned, made into rpms twice, and served.</summary>
    public sealed class SampleAsRpms : IAsyncLifetime
    {
        Workspace Clone { get; } = new();
        RunningServer? server;

        internal Outcome First { get; private set; } = null!;

        internal Outcome Again { get; private set; } = null!;

        internal IReadOnlyDictionary<string, string> Unsigned { get; private set; } = null!;

        internal IReadOnlyDictionary<string, string> UnsignedAgain { get; private set; } = null!;

        internal string Url => server!.Url;

        public async Task InitializeAsync()
        {
            await Engine.RequireAsync();
            await Clone.CloneProjectAsync();
            First = (await RunAsync()).Succeeds("Build succeeded");
            Unsigned = Rpms();
            Directory.Delete(Clone["output/rpm"], recursive: true);
            Again = (await RunAsync()).Succeeds("Build succeeded");
            UnsignedAgain = Rpms();
            server = await RunningServer.StartAsync(Clone, Clone["output/repository"]);
        }

        /// <summary>A client that has the branch's configuration.</summary>
        internal async Task<RpmClient> ClientAsync()
        {
            var client = await RpmClient.StartAsync();
            await client.ShellAsync($"mkdir -p /etc/yum.repos.d && curl -sfo /etc/yum.repos.d/debyard.repo {Url}/main/rpm/debyard.repo");
            return client;
        }

        internal async Task PublishNextVersionAsync()
        {
            await File.AppendAllTextAsync(Clone["dockerfiles/streamer/lua/streamer/main.lua"], "\n-- next\n");
            await Tool.RunAsync(
                "git",
                "-C",
                Clone.Root,
                "-c",
                "user.name=t",
                "-c",
                "user.email=t@example.org",
                "commit",
                "--quiet",
                "--all",
                "--message=next"
            );
            (await RunAsync("--repository-url", Url)).Succeeds("Build succeeded");
        }

        Task<Outcome> RunAsync(params string[] more) =>
            Clone.RunAsync(["Rpm", "--architectures", "amd64", "arm64", "--branch", "main", .. more]);

        Dictionary<string, string> Rpms() =>
            Directory
                .EnumerateFiles(Clone["output/rpm"], "*.rpm", SearchOption.AllDirectories)
                .ToDictionary(
                    path => Path.GetRelativePath(Clone["output/rpm"], path),
                    path => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))
                );

        public async Task DisposeAsync()
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
            Clone.Dispose();
        }
    }
}
