using Debyard.Acceptance.Machine;

namespace Debyard.Acceptance.Streamer;

/// <summary>The main job, on the sample product.</summary>
public sealed class StreamerTests(StreamerRuns runs) : IClassFixture<StreamerRuns>
{
    const int Arm64 = 183; // e_machine, elf(5)
    const int Amd64 = 62;

    [Fact]
    public void The_package_is_validated_before_it_is_published()
    {
        string[] inOrder =
        [
            "streamer-lua_5.4.4-1_amd64.deb uploaded",
            "installed by apt-get in a clean bookworm, from http://127.0.0.1:",
            "licensed: GET /media/sample.ts (Range: bytes=0-187) as expected",
            "altered: GET /media/sample.ts as expected",
            "_all.deb uploaded",
            "Available to apt once `./build.sh Serve` runs: http://127.0.0.1:8080/main.sources",
        ];
        var positions = inOrder.Select(text => runs.First.Says(text).Output.IndexOf(text, StringComparison.Ordinal)).ToList();

        Assert.Equal(positions.Order(), positions);
        runs.First.Says(
            "amd64: licensed    start ",
            "streamer.service by systemd",
            "arm64: licensed    start ",
            "streamer.service by ExecStart",
            "amd64: package     leftovers "
        );
    }

    [Fact]
    public void A_second_run_builds_nothing_and_sends_nothing_and_says_so_of_each_image()
    {
        foreach (
            var image in new[]
            {
                "bookworm",
                "gcc-amd64",
                "gcc-arm64",
                "streamer-lua/amd64",
                "streamer-lua/arm64",
                "streamer-luasocket/amd64",
                "streamer-luasocket/arm64",
                "streamer/all",
            }
        )
        {
            runs.Again.Says($"{image} unchanged (");
        }
        runs.Again.Says(
            "Present: 8, Linked: 0, Sent: 0 (0 bytes)",
            "Present: 1, Linked: 0, Sent: 0 (0 bytes)",
            "Built: 0",
            "unchanged since"
        );
        Assert.DoesNotContain("being built", runs.Again.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("uploaded", runs.Again.Output, StringComparison.Ordinal);
        Assert.InRange(runs.Again.Duration, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_branch_gets_what_another_has_by_link()
    {
        runs.Feature.Says(
            "streamer-lua_5.4.4-1_amd64.deb linked",
            "streamer-lua_5.4.4-1_arm64.deb linked",
            "streamer-luasocket_3.1.0-1_amd64.deb linked",
            "streamer-luasocket_3.1.0-1_arm64.deb linked",
            "Linked: 8, Sent: 0 (0 bytes)"
        );
        Assert.DoesNotContain("uploaded", runs.Feature.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("amd64", Amd64)]
    [InlineData("arm64", Arm64)]
    public async Task Each_architecture_has_an_index_and_binaries_of_its_own(string architecture, int machine)
    {
        var index = runs.Index("main", architecture);

        Assert.Contains("Package: streamer\n", index, StringComparison.Ordinal);
        using var unpacked = new TemporaryFolder();
        var package = index
            .Split('\n')
            .Single(line => line.EndsWith($"_streamer-lua_5.4.4-1_{architecture}.deb", StringComparison.Ordinal))["Filename: ".Length..];
        await Tool.RunAsync("dpkg-deb", "--extract", runs.Clone[$"output/repository/main/{package}"], unpacked.Path);
        var lua = await File.ReadAllBytesAsync(unpacked["opt/streamer/bin/lua"]);
        Assert.Equal("\u007fELF"u8, lua.AsSpan(0, 4));
        Assert.Equal(machine, BitConverter.ToUInt16(lua, 18));
    }

    [Fact]
    public async Task Apt_installs_it_from_each_branch_of_a_served_repository_and_ctrl_c_ends_the_server()
    {
        await using var server = await RunningServer.StartAsync(runs.Clone, runs.Clone["output/repository"]);

        await Task.WhenAll(InstallAsync(server, "main"), InstallAsync(server, "feature-x"));

        var outcome = (await server.StopAsync()).Succeeds("Build succeeded");
        Assert.Empty(runs.Clone.Processes());
        Assert.Empty(runs.Clone.HalfDone());
        Assert.Empty(Directory.EnumerateFileSystemEntries(runs.Clone.Temporary));
        Assert.DoesNotContain(
            await Engine.ContainersAsync(),
            container => container.Contains($":{outcome.ProcessId} ", StringComparison.Ordinal)
        );
    }

    static async Task InstallAsync(RunningServer server, string branch)
    {
        using var http = new HttpClient();
        using var folder = new TemporaryFolder();
        var sources = folder.Write("debyard.sources", await http.GetStringAsync(new Uri($"{server.Url}/{branch}.sources")));
        await using var container = await CleanContainer.StartAsync();
        await container.CopyInAsync(sources, "/etc/apt/sources.list.d/debyard.sources");

        await container.RunAsync(
            "apt-get",
            "-o",
            "Acquire::Check-Date=true",
            "-o",
            "Acquire::Check-Valid-Until=true",
            "update",
            "--error-on=any"
        );
        await container.RunAsync("apt-get", "install", "--yes", "streamer");

        Assert.StartsWith("streamer 1.0.0+", await container.RunAsync("/opt/streamer/bin/streamer", "--version"), StringComparison.Ordinal);
        Assert.Contains(
            $"{server.Url}/{branch} stable/main",
            await container.RunAsync("apt-cache", "policy", "streamer-lua"),
            StringComparison.Ordinal
        );
    }
}
