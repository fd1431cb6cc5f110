using Debyard.Pipeline.Validation.Services;

namespace Debyard.Pipeline.Tests.Validation.Services;

public sealed class ServiceUnitTests
{
    const string Unit = """
        [Unit]
        Description=Streamer
        [Service]
        # a comment
        ExecStart=-/usr/bin/streamer --config %E/%p.conf \
          --name "two words" $OPTIONS ${PORT}x $$
        User=media
        Environment="GREETING=hello world" PORT=8080
        EnvironmentFile=-/etc/default/%p
        StateDirectory=streamer streamer/cache
        StateDirectoryMode=0750
        WorkingDirectory=/srv
        [Install]
        WantedBy=multi-user.target
        """;

    static readonly ServiceUnit streamer = ServiceUnit.Parse("streamer.service", Unit);

    [Fact]
    public void A_command_is_read_with_continuation_quotes_and_specifiers() =>
        Assert.Equal(
            ["/usr/bin/streamer", "--config", "/etc/streamer.conf", "--name", "two words", "-v", "-q", "8080x", "$"],
            streamer.Start[0].Resolve(new Dictionary<string, string> { ["OPTIONS"] = "-v -q", ["PORT"] = "8080" })
        );

    [Fact]
    public void Prefixes_of_a_command_are_no_part_of_it()
    {
        Assert.True(streamer.Start[0].IgnoresFailure);
        Assert.Equal(["/bin/a", "b"], UnitCommand.Parse("@/bin/a name b").Words);
        Assert.True(UnitCommand.Parse("+/bin/a").IsPrivileged);
    }

    [Fact]
    public void The_environment_and_its_files_are_read()
    {
        Assert.Equal(["GREETING=hello world", "PORT=8080"], streamer.Environment);
        Assert.Equal(["-/etc/default/streamer"], streamer.EnvironmentFiles);
    }

    [Fact]
    public void Folders_have_their_mode_and_variable()
    {
        Assert.Equal([("/var/lib/streamer", "0750"), ("/var/lib/streamer/cache", "0750")], streamer.Directories);
        Assert.Equal(["STATE_DIRECTORY=/var/lib/streamer:/var/lib/streamer/cache"], streamer.DirectoryVariables);
    }

    [Fact]
    public void A_dynamic_user_is_named_after_the_unit() =>
        Assert.Equal("streamer", ServiceUnit.Parse("streamer.service", "[Service]\nDynamicUser=yes\n").User);

    [Fact]
    public void A_drop_in_replaces_the_command_after_an_empty_assignment() =>
        Assert.Equal(
            ["/bin/other"],
            ServiceUnit.Parse("streamer.service", Unit, "[Service]\nExecStart=\nExecStart=/bin/other\n").Start.Single().Words
        );

    [Fact]
    public void The_script_prepares_what_systemd_prepares_and_becomes_the_service()
    {
        var script = UnitWithoutSystemd.Script(streamer, new Dictionary<string, string> { ["PORT"] = "it's" });

        Assert.Contains("there is no user media", script, StringComparison.Ordinal);
        Assert.Contains("install -d -m '0750' -o 'media' -g \"$(id -gn 'media')\" '/var/lib/streamer'\n", script, StringComparison.Ordinal);
        Assert.Contains("cd '/srv'\n", script, StringComparison.Ordinal);
        Assert.Contains(
            "exec setpriv --reuid='media' --regid=\"$(id -gn 'media')\" --init-groups env -i 'PORT=it'\\''s' '/usr/bin/streamer'",
            script,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("LoadState=not-found", "there is no unit x.service")]
    [InlineData("LoadState=bad-setting\nLoadError=x", "x.service is broken, systemd cannot load it: x")]
    [InlineData(
        "LoadState=loaded\nActiveState=failed\nResult=exit-code\nExecMainStatus=203",
        "x.service failed: exit code 203, its ExecStart cannot be executed"
    )]
    [InlineData("LoadState=loaded\nActiveState=failed\nResult=signal\nExecMainStatus=11", "x.service failed: killed by signal 11")]
    [InlineData(
        "LoadState=loaded\nActiveState=activating\nSubState=auto-restart\nNRestarts=3\nResult=exit-code\nExecMainStatus=1",
        "x.service dies at each start, 3 restarts so far: exit code 1"
    )]
    public void A_units_defect_is_explained(string shown, string expected) =>
        Assert.Equal(expected, UnitState.Parse("x.service", shown).FindDefect());

    [Theory]
    [InlineData("LoadState=loaded\nActiveState=active\nSubState=running\nType=simple", true)]
    [InlineData("LoadState=loaded\nActiveState=activating\nSubState=start\nType=notify", false)]
    [InlineData("LoadState=loaded\nActiveState=inactive\nSubState=dead\nType=oneshot\nExecMainCode=1", true)]
    [InlineData("LoadState=loaded\nActiveState=inactive\nSubState=dead\nType=oneshot\nExecMainCode=0", false)]
    public void A_unit_is_up_when_it_runs_or_has_done_its_work(string shown, bool isUp)
    {
        var state = UnitState.Parse("x.service", shown);
        Assert.Null(state.FindDefect());
        Assert.Equal(isUp, state.IsUp);
    }
}
