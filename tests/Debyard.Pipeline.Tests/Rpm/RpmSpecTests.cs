using Debyard.Debian.Control;
using Debyard.Debian.Packages;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Rpm;

namespace Debyard.Pipeline.Tests.Rpm;

/// <summary>The spec file of a .deb. Debyard.Acceptance builds and installs what rpmbuild makes of it.</summary>
public sealed class RpmSpecTests
{
    const string Control = """
        Package: player
        Version: 1:2.0~rc1-beta+g1-3
        Architecture: amd64
        Maintainer: Player <player@example.org>
        Section: video
        Priority: optional
        Homepage: https://example.org/100%
        Depends: player-codec (>= 1.4-2) | player-other, player-data (= 1:2.0~rc1-beta+g1-3), libc6 (>= 2.34), zlib1g
        Recommends: player-doc
        Provides: video-player
        Conflicts: player-old (<< 1.0)
        Replaces: player-old (<< 1.0)
        Description: plays 100% of everything
         Two lines
         .
          and an indented one

        """;

    static readonly HashSet<string> own = ["player", "player-codec", "player-data", "player-doc", "player-old"];

    static readonly DebEntry[] entries =
    [
        new DebFileEntry("/opt/player/bin/player", () => new MemoryStream(Elf), DebFileEntry.Executable),
        DebFileEntry.OfText("/etc/player/player.conf", "volume = 1\n", isConffile: true),
        DebFileEntry.OfText("/usr/lib/systemd/system/player.service", "[Service]\n"),
        DebFileEntry.OfText("/usr/lib/systemd/system/player@.service", "[Service]\n"),
        DebFileEntry.OfText("/usr/lib/sysusers.d/player.conf", "u player\n"),
        DebFileEntry.OfText("/usr/lib/tmpfiles.d/player.conf", "d /run/player\n"),
        DebFileEntry.OfText("/usr/share/doc/player/copyright", "MIT\n"),
        DebFileEntry.OfText("/opt/player/pages/[id] 100%.js", ""),
        new DebSymlink("/usr/bin/player", "../../opt/player/bin/player"),
        new DebDirectory("/var/lib/player", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute),
    ];

    // The start of a 64-bit little-endian program for x86-64 (elf(5)).
    static byte[] Elf => [0x7f, .. "ELF"u8, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 62, 0];

    const string DebhelperPostinst = """
        #!/bin/sh
        set -e
        # Automatically added by dh_installsystemd/13.11.4
        if [ "$1" = "configure" ] || [ "$1" = "abort-upgrade" ]; then
        	# The following line should be removed in trixie or trixie+1
        	deb-systemd-helper unmask 'player.service' >/dev/null || true

        	if deb-systemd-helper --quiet was-enabled 'player.service'; then
        		deb-systemd-helper enable 'player.service' >/dev/null || true
        	else
        		deb-systemd-helper update-state 'player.service' >/dev/null || true
        	fi
        fi
        # End automatically added section
        # Automatically added by dh_installsystemd/13.11.4
        if [ "$1" = "configure" ] || [ "$1" = "abort-upgrade" ] || [ "$1" = "abort-deconfigure" ] || [ "$1" = "abort-remove" ] ; then
        	if [ -d /run/systemd/system ]; then
        		systemctl --system daemon-reload >/dev/null || true
        		if [ -n "$2" ]; then
        			_dh_action=restart
        		else
        			_dh_action=start
        		fi
        		deb-systemd-invoke $_dh_action 'player.service' >/dev/null || true
        	fi
        fi
        # End automatically added section
        # Automatically added by dh_installtmpfiles/13.11.4
        if [ "$1" = "configure" ] || [ "$1" = "abort-upgrade" ] || [ "$1" = "abort-deconfigure" ] || [ "$1" = "abort-remove" ] ; then
        	if [ -x "$(command -v systemd-tmpfiles)" ]; then
        		systemd-tmpfiles ${DPKG_ROOT:+--root="$DPKG_ROOT"} --create player.conf || true
        	fi
        fi
        # End automatically added section
        case "$1" in
        	configure|abort-upgrade) ;;
        	*) exit 0 ;;
        esac
        exit 0

        """;

    [Fact]
    public async Task It_has_everything_that_the_package_says() =>
        Golden.Equal(
            RpmSpec.Render(
                await PackageAsync(
                    Control,
                    ("postinst", DebhelperPostinst),
                    ("triggers", "# Triggers added by dh_makeshlibs\nactivate-noawait ldconfig\n")
                ),
                own,
                new RpmSettings { Requires = ["shadow-utils", "python3 >= 3.9"] }
            ),
            "player.spec"
        );

    [Fact]
    public async Task Scripts_of_the_manifest_replace_all_others()
    {
        var spec = RpmSpec.Render(
            await PackageAsync(Control, ("postinst", "#!/bin/sh\nadduser player\n")),
            own,
            new RpmSettings
            {
                Scripts = new Dictionary<string, string> { ["pre"] = "useradd -r player 2>/dev/null; date +%s" },
                License = "MIT",
            }
        );

        Assert.Contains("\n%pre\nuseradd -r player 2>/dev/null; date +%%s\n", spec, StringComparison.Ordinal);
        Assert.DoesNotContain("%post\n", spec, StringComparison.Ordinal);
        Assert.Contains("\nLicense: MIT\n", spec, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.0-1", "1.0-1")]
    [InlineData("1:1.0.0+20260101.gabc", "1:1.0.0+20260101.gabc-0")]
    [InlineData("2:5.0~rc1-0ubuntu1~22.04", "2:5.0~rc1-0ubuntu1~22.04")]
    [InlineData("1.0-beta-2", "1.0.beta-2")]
    public void A_version_keeps_its_epoch_and_tilde_and_loses_hyphens(string debian, string rpm) =>
        Assert.Equal(rpm, RpmVersion.Of(Debian.Names.DebianVersion.Parse(debian)).ToString());

    [Theory]
    [InlineData("amd64", "x86_64")]
    [InlineData("arm64", "aarch64")]
    [InlineData("armhf", "armv7hl")]
    [InlineData("all", "noarch")]
    [InlineData("musl64", null)]
    [InlineData("e2k", null)]
    public void An_architecture_has_the_name_that_rpm_gives_it(string debian, string? rpm) =>
        Assert.Equal(rpm, RpmArchitecture.Of(Debian.Names.Architecture.Parse(debian)));

    [Theory]
    [InlineData("Depends: adduser, player-codec", "Depends: adduser is a package of Debian", "'rpm: { requires: [...] }'")]
    [InlineData("Depends: libjson-perl", "Depends: libjson-perl is a package of Debian", "requires")]
    [InlineData("Pre-Depends: dpkg (>= 1.19)", "Pre-Depends: dpkg is a package of Debian", "requires")]
    [InlineData("Recommends: ca-certificates", "Recommends: ca-certificates is", "'rpm: { ignore: [Recommends] }'")]
    [InlineData("Conflicts: xawtv", "Conflicts: xawtv is", "'rpm: { ignore: [Conflicts] }'")]
    [InlineData("Replaces: player-data", "Replaces: player-data without Conflicts or Breaks", "'rpm: { ignore: [Replaces] }'")]
    [InlineData("Essential: yes", "the control field Essential has no counterpart", "'rpm: { ignore: [Essential] }'")]
    [InlineData("X-Colour: blue", "the control field X-Colour has no counterpart", "'rpm: { ignore: [X-Colour] }'")]
    [InlineData("Depends: player-codec (>= 1:2:3)", "the version 1:2:3 has a colon", "")]
    public async Task A_field_without_a_counterpart_is_an_error_that_names_it_and_the_remedy(string field, string problem, string remedy)
    {
        var message = await RefusedAsync(RpmSettings.None, $"{field}\n");

        Assert.StartsWith($"player_1.0_amd64.deb: {problem}", message, StringComparison.Ordinal);
        Assert.Contains(remedy, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "postinst",
        "#!/bin/sh\nset -e\nadduser --system player\n",
        "its postinst has no counterpart in rpm, line 3: adduser --system player"
    )]
    [InlineData("preinst", "#!/usr/bin/python3\nimport os\n", "its preinst has no counterpart in rpm, line 1: #!/usr/bin/python3")]
    [InlineData("prerm", "#!/bin/sh\n[ -d /x ] && rm -r /x\n", "its prerm has no counterpart in rpm, line 2: [ -d /x ] && rm -r /x")]
    [InlineData("postrm", "#!/bin/sh\nX=$(rm /y)\n", "its postrm has no counterpart in rpm, line 2: X=$(rm /y)")]
    [InlineData(
        "postinst",
        "#!/bin/sh\n# Automatically added by dh_python3\npy3compile -p player\n# End automatically added section\n",
        "line 3: py3compile -p player (added by dh_python3)"
    )]
    [InlineData("config", "#!/bin/sh\ndb_input high player/name\n", "its config has no counterpart in rpm, line 2")]
    [InlineData("templates", "Template: player/name\n", "the control file templates ('Template: player/name') has no counterpart")]
    [InlineData("triggers", "interest /usr/share/fonts\n", "the control file triggers ('interest /usr/share/fonts') has no counterpart")]
    public async Task A_script_without_a_counterpart_is_an_error_unless_it_is_ignored(string name, string content, string problem)
    {
        Assert.Contains(problem, await RefusedAsync(RpmSettings.None, "", (name, content)), StringComparison.Ordinal);
        RpmSpec.Render(await PackageAsync(Minimal, (name, content)), own, new RpmSettings { Ignore = [name] });
    }

    [Fact]
    public async Task All_problems_are_reported_at_once()
    {
        var message = await RefusedAsync(RpmSettings.None, "X-Colour: blue\nDepends: adduser\n", ("postinst", "#!/bin/sh\nadduser x\n"));

        Assert.Equal(3, message.Split('\n').Length);
    }

    [Fact]
    public async Task Given_requirements_stand_for_the_distributions_packages_and_ignored_fields_are_left_out()
    {
        var spec = RpmSpec.Render(
            await PackageAsync(Minimal + "Depends: adduser, player-codec\nX-Colour: blue\nRecommends: x-y\n"),
            own,
            new RpmSettings { Requires = [], Ignore = ["x-colour", "Recommends"] }
        );

        Assert.Equal(["Requires: player-codec"], spec.Split('\n').Where(line => line.StartsWith("Requires", StringComparison.Ordinal)));
        Assert.DoesNotContain("Recommends", spec, StringComparison.Ordinal);
    }

    [Fact]
    public void The_section_of_the_manifest_is_read_and_its_errors_have_a_place()
    {
        var mistakes = Assert
            .Throws<ManifestException>(() =>
                ManifestReader.Parse(
                    "product: p\npackages:\n  player:\n    version: 1\n    context: .\n"
                        + "    rpm: { requires: [''], scripts: { postin: x }, requirs: y }\n",
                    "/nowhere/debyard.yml",
                    "debyard.yml"
                )
            )
            .Mistakes.Where(mistake => mistake.Line == 6)
            .Select(mistake => mistake.Message)
            .ToList();

        Assert.Contains("'requires' is a list of single relations such as 'python3 >= 3.11'", mistakes);
        Assert.Contains("rpm has no script 'postin'; did you mean 'postun'?", mistakes);
        Assert.Contains("'rpm' has no key 'requirs'; did you mean 'requires'?", mistakes);
    }

    const string Minimal = "Package: player\nVersion: 1.0\nArchitecture: amd64\nMaintainer: P <p@example.org>\nDescription: plays\n";

    static async Task<string> RefusedAsync(RpmSettings settings, string fields, params (string, string)[] controlFiles)
    {
        var package = await PackageAsync(Minimal + fields, controlFiles);
        return Assert.Throws<PipelineException>(() => RpmSpec.Render(package, own, settings)).Message;
    }

    static async Task<DebContent> PackageAsync(string control, params (string Name, string Content)[] controlFiles)
    {
        using var folder = new TemporaryFolder();
        var writer = new DebWriter(Stanza.Parse(control), DateTimeOffset.FromUnixTimeSeconds(1_700_000_000))
        {
            Entries = entries,
            ControlFiles = controlFiles.ToDictionary(file => file.Name, file => file.Content),
        };
        await using (var deb = File.Create(folder["package.deb"]))
        {
            await writer.WriteAsync(deb);
        }
        return await DebContent.ReadAsync(folder["package.deb"], default);
    }
}
