using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Validation.Life;

namespace Debyard.Pipeline.Tests.Validation.Life;

public sealed class LeftoversTests
{
    static readonly SystemState clean = State();

    [Fact]
    public void Nothing_new_is_no_leftover() => Assert.Empty(Leftovers.Find(clean, State(), []));

    [Fact]
    public void A_file_is_named_without_the_folders_above_it() =>
        Assert.Equal(
            ["left: /var/log/streamer/access.log"],
            Leftovers.Find(clean, State(("/var", 'C'), ("/var/log/streamer", 'A'), ("/var/log/streamer/access.log", 'A')), [])
        );

    [Fact]
    public void An_empty_folder_is_named() =>
        Assert.Equal(["left: /var/lib/streamer"], Leftovers.Find(clean, State(("/var/lib/streamer", 'A')), []));

    [Fact]
    public void What_was_there_before_the_installation_is_not_the_packages() =>
        Assert.Empty(Leftovers.Find(State(("/etc/machine-info", 'A')), State(("/etc/machine-info", 'A')), []));

    [Theory]
    [InlineData("/var/log/streamer/**")]
    [InlineData("/var/log/*")]
    [InlineData("/var/log/streamer")]
    public void Declared_leftovers_may_stay_with_their_folder(string pattern) =>
        Assert.Empty(Leftovers.Find(clean, State(("/var/log/streamer", 'A'), ("/var/log/streamer/a.log", 'A')), [pattern]));

    [Fact]
    public void A_pattern_allows_only_what_it_matches() =>
        Assert.Equal(
            ["left: /var/log/streamer2/a.log"],
            Leftovers.Find(clean, State(("/var/log/streamer2/a.log", 'A')), ["/var/log/streamer/**"])
        );

    [Fact]
    public void A_missing_file_of_the_base_is_named() =>
        Assert.Equal(["missing: /usr/bin/less"], Leftovers.Find(clean, State(("/usr/bin/less", 'D')), []));

    [Fact]
    public void What_apt_dpkg_and_systemd_write_is_theirs() =>
        Assert.Empty(
            Leftovers.Find(
                clean,
                State(("/var/lib/dpkg/info/x.list", 'A'), ("/var/log/apt/term.log", 'A'), ("/etc/passwd-", 'A'), ("/opt", 'D')),
                []
            )
        );

    [Fact]
    public void Accounts_units_and_changed_configuration_are_named() =>
        Assert.Equal(
            ["changed: /etc/profile", "left: user streamer", "left: group media", "left: unit still runs streamer.service"],
            Leftovers.Find(
                clean,
                clean with
                {
                    Contents = new Dictionary<string, string> { ["/etc/profile"] = "2" },
                    Users = new HashSet<string> { "root", "streamer" },
                    Groups = new HashSet<string> { "media" },
                    Units = new HashSet<string> { "streamer.service" },
                },
                []
            )
        );

    static SystemState State(params (string Path, char Kind)[] changes) =>
        new(
            changes.ToDictionary(
                change => change.Path,
                change =>
                    change.Kind switch
                    {
                        'A' => FileChangeKind.Added,
                        'D' => FileChangeKind.Deleted,
                        _ => FileChangeKind.Modified,
                    }
            ),
            new Dictionary<string, string> { ["/etc/profile"] = "1" },
            new HashSet<string> { "root" },
            new HashSet<string>(),
            new HashSet<string>()
        );
}
