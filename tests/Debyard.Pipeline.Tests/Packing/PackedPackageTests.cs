namespace Debyard.Pipeline.Tests.Packing;

public sealed class PackedPackageTests : IDisposable
{
    const string Everything = """
        section: net
        priority: optional
        maintainer: Streamer Team <streamer@example.org>
        homepage: https://streamer.example.org
        description: |
          small HTTP media server
          Serves a file with range requests.

          It needs a licence.
        pre-depends: init-system-helpers (>= 1.54)
        depends: ["lua5.4", "adduser | base-files (>= ${binary:Version})"]
        suggests: [nginx]
        conflicts: ["streamer-old (<< 1)"]
        provides: [media-server]
        copyright: copyright
        contents:
          - { from: streamer.conf, to: /etc/streamer/streamer.conf, owner: root, group: streamer, mode: "0640" }
          - { from: "units/*.service", to: /usr/lib/systemd/system/ }
          - { from: sysusers.conf, to: /usr/lib/sysusers.d/streamer.conf }
          - { from: tmpfiles.conf, to: /usr/lib/tmpfiles.d/streamer.conf }
          - { from: lua, to: /usr/share/streamer }
          - { text: "return \"${VERSION}\"\n", to: /usr/share/streamer/version.lua }
          - { link: ../share/streamer/run, to: /usr/bin/streamer }
          - { to: /var/lib/streamer, type: folder, owner: streamer, mode: 750 }
          - { to: "/usr/share/streamer/r*", mode: 755 }
          - { to: /usr/share/streamer/web/**, owner: www-data }
          - { to: /usr/share/streamer/old.lua, type: remove }
          - { to: /usr/share/streamer/settings, type: config }
        scripts: { postinst: postinst }
        units:
          streamer.service: { restart: around }
          helper.service: { enable: false, start: false }
        lintian-overrides:
          file-in-usr-marked-as-conffile usr/share/streamer/settings*: Old releases have it there.
          non-etc-file-marked-as-conffile: Old releases have it there.
        """;

    readonly PackFolder folder = new();

    public PackedPackageTests()
    {
        folder.Write("tree/usr/share/streamer/old.lua", "");
        folder.Write("tree/usr/share/streamer/settings", "a=1\n");
        folder.Write("tree/usr/share/streamer/web/index.html", "<p>hello</p>\n");
        folder.Write("streamer.conf", "port = 8080\n");
        folder.Write(
            "units/streamer.service",
            "[Unit]\nDescription=s\n[Service]\nExecStart=/usr/bin/streamer\n[Install]\nWantedBy=multi-user.target\n"
        );
        folder.Write(
            "units/helper.service",
            "[Unit]\nDescription=h\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n"
        );
        folder.Write("sysusers.conf", "u streamer - \"Streamer\" /var/lib/streamer\n");
        folder.Write("tmpfiles.conf", "d /run/streamer 0755 streamer streamer -\n");
        folder.Write("lua/run", "#!/bin/sh\nexec lua5.4 /usr/share/streamer/main.lua \"$@\"\n");
        folder.Write("lua/lib/http.lua", "return {}\n");
        folder.Write("postinst", "#!/bin/sh\nset -e\n\necho \"configured by $1\"\n#DEBHELPER#\n");
    }

    [Fact]
    public async Task A_package_with_everything_is_what_the_manifest_says()
    {
        var deb = await folder.PackAsync(Everything);

        Golden.Equal(Tool.Run("dpkg-deb", "--contents", deb), "everything.contents");
        Golden.Equal(Tool.Run("dpkg-deb", "--field", deb), "everything.control");
        foreach (var file in new[] { "conffiles", "md5sums", "postinst", "prerm", "postrm" })
        {
            Golden.Equal(Tool.Run("dpkg-deb", "--info", deb, file), $"everything.{file}");
        }
        Tool.Run("dpkg-deb", "--extract", deb, folder["out"]);
        Golden.Equal(Tool.Run("zcat", folder["out/usr/share/doc/streamer/changelog.Debian.gz"]), "everything.changelog");
        Assert.Equal("return \"1.2-3\"\n", File.ReadAllText(folder["out/usr/share/streamer/version.lua"]));
        Tool.Run("lintian", "--allow-root", "--fail-on", "error", deb);
    }

    [Fact]
    public async Task Maintainer_scripts_are_valid_for_the_shell()
    {
        Tool.Run("dpkg-deb", "--control", await folder.PackAsync(Everything), folder["control"]);

        foreach (var script in new[] { "postinst", "prerm", "postrm" })
        {
            Tool.Run("sh", "-n", folder[$"control/{script}"]);
        }
    }

    [Fact]
    public async Task Two_packs_are_the_same_bytes() =>
        Assert.Equal(
            await File.ReadAllBytesAsync(await folder.PackAsync(Everything)),
            await File.ReadAllBytesAsync(await folder.PackAsync(Everything))
        );

    [Fact]
    public async Task The_smallest_package_needs_five_keys_and_lintian_finds_no_error() =>
        Tool.Run("lintian", "--allow-root", "--fail-on", "error", await folder.PackAsync());

    [Fact]
    public async Task A_control_file_is_read_and_keys_of_the_section_come_first()
    {
        folder.Write("control", "Section: libs\nMaintainer: A <a@example.org>\nDescription: a thing\n It does things.\n");

        var deb = await folder.PackAsync("control: control\nsection: web\ncopyright: copyright");

        Assert.Equal(
            "Section: web\nMaintainer: A <a@example.org>\n",
            Tool.Run("dpkg-deb", "--field", deb, "Section", "Maintainer")
                .Split('\n')
                .Order()
                .Aggregate("", (text, line) => line.Length > 0 ? line + "\n" + text : text)
        );
    }

    [Fact]
    public async Task An_own_changelog_gets_an_entry_if_its_newest_is_for_another_version()
    {
        folder.Write(
            "changelog",
            "streamer (1.0-1) unstable; urgency=low\n\n  * First.\n\n -- A <a@example.org>  Tue, 14 Nov 2023 22:13:20 +0000\n"
        );

        var deb = await folder.PackAsync($"{PackFolder.Fields}\nchangelog: changelog");

        Tool.Run("dpkg-deb", "--extract", deb, folder["out"]);
        var text = Tool.Run("zcat", folder["out/usr/share/doc/streamer/changelog.Debian.gz"]);
        Assert.Equal(
            ["1.2-3", "1.0-1"],
            text.Split('\n').Where(line => line.StartsWith("streamer (", StringComparison.Ordinal)).Select(line => line.Split('(', ')')[1])
        );
    }

    public void Dispose() => folder.Dispose();
}
