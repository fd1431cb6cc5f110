namespace Debyard.Acceptance.Catalogue;

public sealed class SliceTests(Slice slice) : IClassFixture<Slice>
{
    [Theory]
    [InlineData("amd64", 62, "libc6")]
    [InlineData("arm64", 183, "libc6")]
    [InlineData("armhf", 40, "libc6")]
    [InlineData("musl64", 62, "streamer-musl")]
    [InlineData("e2k", 175, "libc6")]
    public async Task Each_architecture_has_its_index_with_packages_for_its_own_machine_and_c_library(
        string architecture,
        int machine,
        string libc
    )
    {
        var all = AptIndex.Read(slice.Clone.Path, "root", "main", architecture);
        // The compiler of e2k is not one whose symbols objcopy could split off.
        Assert.Equal(architecture == "e2k" ? 0 : Slice.Dependencies.Length, all.Split("Auto-Built-Package: debug-symbols\n").Length - 1);
        var index = string.Join("\n\n", all.Split("\n\n").Where(stanza => !stanza.Contains("-dbgsym\n", StringComparison.Ordinal)));

        Assert.All(Slice.Dependencies, name => Assert.Contains($"Package: {name}\n", index, StringComparison.Ordinal));
        Assert.Equal(Slice.Dependencies.Length, index.Split($"Architecture: {architecture}\n").Length - 1);
        Assert.All(
            Slice.Architectures.Where(other => other != architecture),
            other => Assert.DoesNotContain($"Architecture: {other}\n", index, StringComparison.Ordinal)
        );
        Assert.Equal(
            Slice.Dependencies.Length,
            index
                .Split('\n')
                .Count(line => line.StartsWith("Depends: ", StringComparison.Ordinal) && line.Contains(libc, StringComparison.Ordinal))
        );
        using var unpacked = new TemporaryFolder();
        foreach (var package in index.Split('\n').Where(line => line.StartsWith("Filename: ", StringComparison.Ordinal)))
        {
            await Tool.RunAsync(
                "dpkg-deb",
                "--extract",
                System.IO.Path.Combine(slice.Clone.Path, "root", "main", package["Filename: ".Length..]),
                unpacked.Path
            );
        }
        var binaries = Directory
            .EnumerateFiles(unpacked.Path, "*", SearchOption.AllDirectories)
            .Where(file => new FileInfo(file).LinkTarget is null)
            .Select(File.ReadAllBytes)
            .Where(content => content.AsSpan().StartsWith("\u007fELF"u8))
            .ToList();
        Assert.True(binaries.Count >= Slice.Dependencies.Length, $"{binaries.Count} binaries");
        Assert.All(binaries, binary => Assert.Equal(machine, BitConverter.ToUInt16(binary, 18)));
    }

    [Fact]
    public void A_second_run_has_all_of_it_unchanged_and_present()
    {
        foreach (var architecture in Slice.Architectures)
        {
            slice.Again.Says([.. Slice.Dependencies.Select(name => $"{name}/{architecture} unchanged (")]);
        }
        slice.Again.Says("Present: 27, Linked: 0, Sent: 0 (0 bytes)");
        Assert.DoesNotContain("being built", slice.Again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runner_with_nothing_has_another_branch_link_all_of_it()
    {
        using var runner = await Slice.RunnerAsync();

        var outcome = await slice.UploadAsync(runner, "feature/slice");

        outcome.Succeeds($"{Slice.Dependencies[0]}/armhf cached on the server, built for main", "Linked: 27, Sent: 0 (0 bytes)");
        Assert.DoesNotContain("being built", outcome.Output, StringComparison.Ordinal);
    }
}
