using Debyard.Pipeline.Setup;

namespace Debyard.Pipeline.Tests.Setup;

public class SetupPlanTests
{
    static readonly MachineState ready = new(
        new HashSet<string>(SetupPlan.Programs),
        HasEngine: true,
        new Uri("unix:///var/run/docker.sock"),
        IsRoot: true,
        IsSystemd: true
    );

    static readonly MachineState bare = ready with
    {
        Programs = new HashSet<string> { "apt-get" },
        HasEngine = false,
    };

    [Fact]
    public void A_ready_machine_needs_nothing() => Assert.Empty(SetupPlan.For(ready));

    [Fact]
    public void A_ready_machine_needs_no_root() => Assert.Empty(SetupPlan.For(ready with { IsRoot = false }));

    [Fact]
    public void Root_installs_every_missing_package_once_and_then_starts_the_engine()
    {
        var actions = SetupPlan.For(bare).ToList();

        Assert.Equal(
            ["docker.io", "mmdebstrap", "gpg", "gpg-agent", "git", "strace", "dput", "lintian", "python3-debian", "iptables"],
            Assert.IsType<SetupAction.Install>(actions[0]).Packages
        );
        Assert.Equal([new SetupAction.StartEngine(BySystemd: true)], actions[1..]);
    }

    [Fact]
    public void Emulation_needs_more_and_only_if_it_is_wanted()
    {
        var without = ready with
        {
            Programs = SetupPlan.Programs.Except(["qemu-aarch64-static", "update-binfmts", "arch-test"]).ToHashSet(),
        };

        Assert.Empty(SetupPlan.For(without));
        Assert.Equal(
            ["qemu-user-static", "binfmt-support", "arch-test"],
            Assert.IsType<SetupAction.Install>(Assert.Single(SetupPlan.For(without, emulates: true))).Packages
        );
    }

    [Fact]
    public void Only_the_missing_package_is_installed() =>
        Assert.Equal(["git"], Assert.IsType<SetupAction.Install>(Assert.Single(SetupPlan.For(Without("git")))).Packages);

    [Theory]
    [InlineData("dockerd", "docker.io")]
    [InlineData("iptables", "iptables")]
    public void What_the_engine_needs_is_installed_only_to_start_one_on_this_machine(string program, string package)
    {
        var local = SetupPlan.For(Without(program) with { HasEngine = false }).ToList();
        var remote = Without(program) with { HasEngine = false, EngineAddress = new Uri("tcp://10.0.0.1:2375") };

        Assert.Equal([package], Assert.IsType<SetupAction.Install>(local[0]).Packages);
        Assert.Empty(SetupPlan.For(Without(program)));
        Assert.IsType<SetupAction.Fail>(Assert.Single(SetupPlan.For(remote)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_engine_is_started_by_systemd_where_it_runs(bool isSystemd) =>
        Assert.Equal([new SetupAction.StartEngine(isSystemd)], SetupPlan.For(ready with { HasEngine = false, IsSystemd = isSystemd }));

    [Fact]
    public void Other_users_get_the_command_that_root_can_run() =>
        Assert.Equal(
            [
                new SetupAction.Fail(
                    "Some programs are missing, and only root can install them: sudo apt-get install --no-install-recommends git"
                ),
            ],
            SetupPlan.For(Without("git") with { IsRoot = false, HasEngine = false })
        );

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Systems_without_apt_get_the_names_of_the_packages(bool isRoot) =>
        Assert.Equal(
            [
                new SetupAction.Fail(
                    "Some programs are missing. Install what corresponds to these Debian packages on this system: gpg, gpg-agent, git."
                ),
            ],
            SetupPlan.For(Without("gpg", "git", "apt-get") with { IsRoot = isRoot })
        );

    [Fact]
    public void An_engine_elsewhere_is_not_started()
    {
        var actions = SetupPlan.For(ready with { HasEngine = false, EngineAddress = new Uri("tcp://10.0.0.1:2375") });

        Assert.StartsWith(
            "DOCKER_HOST is tcp://10.0.0.1:2375/, and no engine answers there: ",
            Assert.IsType<SetupAction.Fail>(Assert.Single(actions)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Other_users_are_told_how_to_start_the_engine_or_to_reach_a_running_one()
    {
        var actions = SetupPlan.For(ready with { HasEngine = false, IsRoot = false });

        var message = Assert.IsType<SetupAction.Fail>(Assert.Single(actions)).Message;
        Assert.Contains("`sudo systemctl start docker`", message, StringComparison.Ordinal);
        Assert.Contains("`sudo adduser $USER docker`", message, StringComparison.Ordinal);
    }

    static MachineState Without(params string[] programs) => ready with { Programs = ready.Programs.Except(programs).ToHashSet() };
}
