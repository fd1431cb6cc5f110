using Debyard.Pipeline.Validation.Installing;

namespace Debyard.Pipeline.Tests.Validation.Installing;

public sealed class AptOutputTests
{
    [Fact]
    public void Success_is_no_failure() => Assert.Null(AptOutput.FindFailure("Setting up lua ...", 0, "installed", "apt-get"));

    [Theory]
    [InlineData(
        "installed streamer package post-installation script subprocess returned error exit status 3",
        "the postinst of streamer failed with exit code 3"
    )]
    [InlineData(
        "new streamer package pre-installation script subprocess returned error exit status 1",
        "the preinst of streamer failed with exit code 1"
    )]
    [InlineData(
        "installed streamer package pre-removal script subprocess was killed by signal (Killed)",
        "the prerm of streamer failed with signal Killed"
    )]
    public void A_failed_maintainer_script_is_named(string line, string expected) =>
        Assert.Equal(
            $"The packages cannot be installed: {expected}",
            AptOutput.FindFailure($"dpkg: error processing package streamer (--configure):\n {line}\n", 100, "installed", "apt-get")
        );

    [Fact]
    public void A_question_of_dpkg_is_named_with_its_file() =>
        Assert.StartsWith(
            "The packages ask a question: dpkg asks which version of the configuration file /etc/streamer.conf to keep",
            AptOutput.FindFailure(
                "Configuration file '/etc/streamer.conf'\n ==> Modified\n"
                    + "*** streamer.conf (Y/I/N/O/D/Z) [default=N] ? dpkg: error processing package streamer (--configure):\n"
                    + " end of file on stdin at conffile prompt\n",
                100,
                "installed",
                "apt-get"
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_file_of_two_packages_is_named() =>
        Assert.Equal(
            "The packages cannot be installed: /usr/bin/lua is also in the package lua5.4",
            AptOutput.FindFailure(
                " trying to overwrite '/usr/bin/lua', which is also in package lua5.4 5.4.4-3",
                100,
                "installed",
                "apt-get"
            )
        );

    [Theory]
    [InlineData("debconf (developer): <-- INPUT high streamer/port", true)]
    [InlineData("debconf (developer): <-- INPUT critical streamer/port", true)]
    [InlineData("debconf (developer): <-- INPUT medium streamer/port", false)]
    [InlineData("debconf (developer): <-- INPUT high tzdata/Areas", false)]
    public void A_question_of_debconf_counts_if_users_see_it_and_the_package_is_ours(string line, bool isAsked) =>
        Assert.Equal(isAsked, AptOutput.FindQuestion($"Preconfiguring packages ...\n{line}\n", ["streamer"]) is not null);

    [Fact]
    public void Downloads_are_listed_without_local_files_and_epochs() =>
        Assert.Equal(
            [("http://127.0.0.1:1/main/pool/a_streamer_1.0_all.deb", "streamer_1.0_all.deb")],
            AptOutput.Downloads(
                "After this operation\n'http://127.0.0.1:1/main/pool/a_streamer_1.0_all.deb' streamer_1%3a1.0_all.deb 12 SHA256:00\n"
                    + "'file:/var/cache/debyard/x_1_all.deb' x_1_all.deb 5 \n'/var/cache/debyard/y_1_all.deb' y_1_all.deb 5 \n"
            )
        );
}
